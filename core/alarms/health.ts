import { applicationRegions, checksOf, type NamedCheck } from '../config/accessors.ts';
import { DATABASE_WRITER_CHECK, FRONT_DOOR_CHECK } from '../config/checks.ts';
import { names } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { healthMetric, regionMetric } from '../counters.ts';
import {
  type AlarmSite,
  above,
  type CompiledAlarm,
  type CompiledCompositeAlarm,
  type CompiledMetricAlarm,
  dimensionsOf,
} from './definition.ts';
import { inAlarm, named } from './naming.ts';

type HealthSite = AlarmSite<Pick<ResolvedConfig, 'application' | 'regions' | 'checks'>>;

/** A verdict is published once a minute. */
const PERIOD_SECONDS = 60;
/** The verdict has waited for as many failures as the check table asks for; the alarm waits for no further one. */
const VERDICTS = 1;

/** Critical checks that have to fail together where neither of them decides alone; as row D300 of the decision table. */
const FAILING_TOGETHER = 2;
/** Checks whose failure alone means that the Region cannot serve: its front door, and its data writer as row D210. */
const DECIDING_ALONE = [FRONT_DOOR_CHECK, DATABASE_WRITER_CHECK] as const;

/**
 * Alarms of a Region on how each other one stands: the verdict of the quorum on each check, as the observer here sees it,
 * and one alarm above them for the Region as a whole. A Region has none about itself: a dead one tells nobody.
 */
export function healthAlarms(site: HealthSite): readonly CompiledAlarm[] {
  const others = applicationRegions(site.config).filter((id) => id !== site.region);
  return others.flatMap((subject) => [
    ...checksOf(site.config).map((check) => checkAlarm(site, subject, check)),
    ...regionImpaired(site, subject),
  ]);
}

function checkAlarm(site: HealthSite, subject: string, { name }: NamedCheck): CompiledMetricAlarm {
  const { config, region } = site;
  const id = checkId(subject, name);
  const says = `A quorum of observers says, as ${region} sees it, that ${name} of ${config.application} in ${subject} has failed; pages nobody by itself, ${names.alarm(config, impairedId(subject))} does`;
  const { namespace, dimensions } = regionMetric(config, subject);
  return {
    kind: 'metric',
    id,
    runbook: 'check-failed',
    tellsPeople: false,
    wakesObserver: false,
    definition: {
      ...named(site, { id, says, runbook: 'check-failed' }),
      Namespace: namespace,
      MetricName: healthMetric(name),
      Dimensions: dimensionsOf(dimensions),
      Statistic: 'Maximum',
      Period: PERIOD_SECONDS,
      // Nothing is published while the verdict is unknown, and unknown is neither failed nor passed.
      ...above(0, { periods: VERDICTS, missing: 'missing' }),
    },
  };
}

/** Undecidable, and so left out, where the table has neither such a check nor a critical one. */
function regionImpaired(site: HealthSite, subject: string): readonly CompiledCompositeAlarm[] {
  const checks = checksOf(site.config);
  const alone = checks.filter(({ name }) => (DECIDING_ALONE as readonly string[]).includes(name));
  const critical = checks.filter(({ check }) => check.class === 'critical');
  const children = [...new Set([...alone, ...critical].map(({ name }) => checkId(subject, name)))];
  if (children.length === 0) return [];
  const id = impairedId(subject);
  const says = `${site.config.application} in ${subject} is impaired, as ${site.region} sees it: ${[...alone.map(({ name }) => name), together(critical)].filter((part) => part !== '').join(' or ')} failed by quorum`;
  const definition = {
    ...named(site, { id, says, runbook: 'region-impaired' }),
    AlarmRule: [
      ...alone.map(({ name }) => inAlarm(site, checkId(subject, name))),
      ...togetherRule(site, subject, critical),
    ].join(' OR '),
  };
  return [
    { kind: 'composite', id, runbook: 'region-impaired', tellsPeople: true, wakesObserver: true, definition, children },
  ];
}

function together(critical: readonly NamedCheck[]): string {
  if (critical.length === 0) return '';
  return critical.length < FAILING_TOGETHER ? 'the critical check' : `${FAILING_TOGETHER} critical checks`;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html */
function togetherRule(site: HealthSite, subject: string, critical: readonly NamedCheck[]): readonly string[] {
  if (critical.length < FAILING_TOGETHER) return critical.map(({ name }) => inAlarm(site, checkId(subject, name)));
  const listed = critical.map(({ name }) => `"${names.alarm(site.config, checkId(subject, name))}"`).join(', ');
  return [`AT_LEAST(${FAILING_TOGETHER}, ALARM, (${listed}))`];
}

function checkId(subject: string, check: string): string {
  return `health-${subject}-${check}`;
}

function impairedId(subject: string): string {
  return `region-impaired-${subject}`;
}
