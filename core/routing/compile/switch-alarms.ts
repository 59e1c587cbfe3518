import { applicationRegions, guardiansOf } from '../../config/accessors.ts';
import { names } from '../../config/names.ts';
import type { ResolvedConfig } from '../../config/types.ts';
import { runbookLink } from '../../notification/links.ts';

/** The metric of a switch of the kind `cloudwatch`: 1 while its Region is to be out, 0 while it may serve. */
export const SWITCH_METRIC = { namespace: 'Switchyard/Switches', name: 'evacuated' } as const;

/** One value of the metric is enough: the switch is a decision already taken. */
const PERIOD_SECONDS = 60;

/** Whose switch it is. */
export function switchDimensions(
  { application }: Pick<ResolvedConfig, 'application'>,
  ward: string,
): readonly { readonly Name: string; readonly Value: string }[] {
  return [
    { Name: 'Application', Value: application },
    { Name: 'Region', Value: ward },
  ];
}

/** An alarm that a health check reads the data stream of. */
export interface SwitchAlarm {
  readonly ward: string;
  readonly definition: {
    readonly AlarmName: string;
    readonly AlarmDescription: string;
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    readonly Statistic: 'Maximum';
    readonly Period: number;
    readonly EvaluationPeriods: number;
    readonly Threshold: number;
    readonly ComparisonOperator: 'GreaterThanOrEqualToThreshold';
    readonly TreatMissingData: 'missing';
  };
}

/**
 * The alarms of the switches that a guardian Region keeps; none for other kinds of switches. As a health check can read
 * them: of standard resolution, one metric, no M of N. Missing data stay missing, so that the check keeps its last status.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-types.html (monitoring a CloudWatch alarm)
 */
export function switchAlarmsIn(config: ResolvedConfig, guardian: string): readonly SwitchAlarm[] {
  if (config.evacuation.kind !== 'cloudwatch') return [];
  return applicationRegions(config)
    .filter((ward) => guardiansOf(config, ward).includes(guardian))
    .map((ward) => ({
      ward,
      definition: {
        AlarmName: names.switchAlarm(config, ward),
        AlarmDescription: `In ALARM while ${ward} is to be out of the answers of ${config.record}. Route 53 reads its data. Runbook: ${runbookLink('switch-set')}`,
        Namespace: SWITCH_METRIC.namespace,
        MetricName: SWITCH_METRIC.name,
        Dimensions: switchDimensions(config, ward),
        Statistic: 'Maximum',
        Period: PERIOD_SECONDS,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'missing',
      },
    }));
}
