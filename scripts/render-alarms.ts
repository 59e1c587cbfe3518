import { compileAlarms } from '../core/alarms/compile.ts';
import type { CompiledAlarm } from '../core/alarms/definition.ts';
import { COUNTERS, HEALTH_COUNTS, healthMetric, OBSERVERS_SILENT, PARITY_DIFFERENCES } from '../core/counters.ts';
import { runbookLink } from '../core/notification/links.ts';
import storefront from '../switchyard.config.ts';
import { markdownTable } from './markdown-table.ts';

/** Where the example's alarms are shown, and whom they are about. */
const REGION = 'ap-northeast-1';
const SUBJECT = 'ap-southeast-1';

/** The alarms of the example in its standby, those on single checks as one line. */
export function renderAlarms(): string {
  const alarms = compileAlarms(storefront, REGION);
  const firstCheck = alarms.find(({ id }) => isCheck(id));
  const shown = alarms.filter((alarm) => alarm === firstCheck || !isCheck(alarm.id));
  return markdownTable(
    ['alarm, after `switchyard-<application>-`', 'looks at', 'goes off', 'tells people', 'runbook'],
    shown.map((alarm) => [
      `\`${isCheck(alarm.id) ? 'health-<region>-<check>' : alarm.id.replace(SUBJECT, '<region>')}\``,
      watched(alarm),
      limit(alarm),
      whomItTells(alarm),
      `[${alarm.runbook}](${runbookLink(alarm.runbook).replace('docs/', '')})`,
    ]),
  );
}

/** Everything that functions publish. */
export function renderMetrics(): string {
  const own = '`service`, `Application`, `Region`';
  const about = '`Application`, `Region`';
  return markdownTable(
    ['metric', 'dimensions', 'value'],
    [
      [
        `\`${healthMetric('<check>')}\``,
        about,
        'the verdict of the quorum on a check of that Region: 1 failed, 0 passed',
      ],
      [`\`${HEALTH_COUNTS.total}\``, about, 'checks of that Region on which a quorum has a verdict'],
      [`\`${HEALTH_COUNTS.failed}\``, about, 'those that have failed'],
      [`\`${HEALTH_COUNTS.criticalFailed}\``, about, 'the critical ones among them'],
      [`\`${OBSERVERS_SILENT}\``, about, 'observers that do not report, as that Region sees it'],
      [
        `\`${PARITY_DIFFERENCES}\``,
        about,
        'reasons for which a move to that Region would be refused for what it holds; where Regions are compared',
      ],
      ...Object.values(COUNTERS).map((name) => [`\`${name}\``, own, 'how often, of a function in that Region']),
    ],
  );
}

function whomItTells({ tellsPeople, wakesObserver }: CompiledAlarm): string {
  if (!wakesObserver) return tellsPeople ? 'yes' : 'no';
  return tellsPeople ? 'yes, and wakes the observer' : 'no, but wakes the observer';
}

function isCheck(id: string): boolean {
  return id.startsWith('health-');
}

function watched(alarm: CompiledAlarm): string {
  if (alarm.kind === 'composite') return 'other alarms (see the rule)';
  const { definition } = alarm;
  if ('Metrics' in definition) {
    const [expression] = definition.Metrics.flatMap((query) => ('Expression' in query ? [query.Expression] : []));
    return `\`${expression}\``;
  }
  const metric = isCheck(alarm.id) ? healthMetric('<check>') : definition.MetricName;
  return `\`${metric}\`, ${definition.Statistic}`;
}

function limit(alarm: CompiledAlarm): string {
  if (alarm.kind === 'composite') return ruleInWords(alarm.definition.AlarmRule);
  const { definition } = alarm;
  const period = 'Metrics' in definition ? periodOf(definition.Metrics) : definition.Period;
  const sign = definition.ComparisonOperator === 'GreaterThanThreshold' ? '>' : '<';
  return `${sign} ${definition.Threshold} in ${definition.DatapointsToAlarm} of ${definition.EvaluationPeriods} × ${period} s; no data: ${definition.TreatMissingData}`;
}

function periodOf(queries: readonly object[]): number | undefined {
  return queries.flatMap((query) =>
    'MetricStat' in query ? [(query.MetricStat as { readonly Period: number }).Period] : [],
  )[0];
}

function ruleInWords(rule: string): string {
  return rule.replaceAll('switchyard-storefront-', '').replaceAll(SUBJECT, '<region>').replaceAll('"', '');
}
