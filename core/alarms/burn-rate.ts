import { above, type CompiledAlarm, type CompiledMetricAlarm } from './definition.ts';
import { inAlarm, named } from './naming.ts';
import { type TrafficSite, whereBusy } from './traffic-metrics.ts';

/** How fast the error budget of a month is spent, and over which two stretches that has to show. */
interface BurnRate {
  readonly name: string;
  /** Times the rate at which the budget lasts for exactly its 30 days. */
  readonly factor: number;
  /** Short, so that the alarm ends soon after the failure does; and long, so that a blip is none. */
  readonly windowsMinutes: readonly [short: number, long: number];
}

/**
 * The two rates that page: 2 % of a month's budget within an hour, and 5 % within six.
 *
 * @see https://sre.google/workbook/alerting-on-slos/ (6: Multiwindow, Multi-Burn-Rate Alerts)
 */
export const BURN_RATES: readonly BurnRate[] = [
  { name: 'fast', factor: 14.4, windowsMinutes: [5, 60] },
  { name: 'slow', factor: 6, windowsMinutes: [30, 360] },
];

const RUNBOOK = 'burn-rate';
/** Digits that survive the arithmetic on percentages. */
const DIGITS = 6;

/**
 * Alarms on how fast the Region's own traffic spends its error budget: the share of requests that fail against the share
 * that `slo.availabilityPercent` allows. An alarm for each stretch, and one above each pair that tells people.
 *
 * Each stretch is one period, which CloudWatch slides along with every evaluation; a period may be any multiple of 60 s, and
 * period times evaluation periods up to seven days for one of an hour or more, up to one day below.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (EvaluationPeriods, Period)
 */
export function burnRateAlarms(site: TrafficSite): readonly CompiledAlarm[] {
  return BURN_RATES.flatMap((rate): readonly CompiledAlarm[] => {
    const windows = rate.windowsMinutes.map((minutes) => windowAlarm(site, rate, minutes));
    const id = pairId(rate);
    const says = `${budgetSpent(site, rate)}, over the last ${rate.windowsMinutes.join(' and ')} min alike`;
    const definition = {
      ...named(site, { id, says, runbook: RUNBOOK }),
      AlarmRule: windows.map((window) => inAlarm(site, window.id)).join(' AND '),
    };
    const children = windows.map((window) => window.id);
    return [
      ...windows,
      { kind: 'composite', id, runbook: RUNBOOK, tellsPeople: true, wakesObserver: false, definition, children },
    ];
  });
}

function windowAlarm(site: TrafficSite, rate: BurnRate, minutes: number): CompiledMetricAlarm {
  const id = `${pairId(rate)}-${minutes}m`;
  const says = `${budgetSpent(site, rate)}, over the last ${minutes} min; pages nobody by itself`;
  const { availabilityPercent } = site.config.slo;
  const limit = Number((((100 - availabilityPercent) / 100) * rate.factor).toPrecision(DIGITS));
  return {
    kind: 'metric',
    id,
    runbook: RUNBOOK,
    tellsPeople: false,
    wakesObserver: false,
    definition: {
      ...named(site, { id, says, runbook: RUNBOOK }),
      Metrics: whereBusy(site, {
        value: 'errors / requests',
        over: ['requests', 'errors'],
        periodSeconds: minutes * 60,
      }),
      ...above(limit, { periods: 1, missing: 'missing' }),
    },
  };
}

function budgetSpent({ config, region }: TrafficSite, { factor }: BurnRate): string {
  return `${config.application} in ${region} spends its error budget (${config.slo.availabilityPercent} %) more than ${factor} times as fast as it lasts`;
}

function pairId({ name }: BurnRate): string {
  return `burn-rate-${name}`;
}
