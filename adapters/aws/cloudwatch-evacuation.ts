import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { guardiansOf } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { EvacuationSwitch, GuardianOutcome } from '../../core/ports.ts';
import { SWITCH_METRIC, switchDimensions } from '../../core/routing/compile/switch-alarms.ts';
import { holdBut } from './spared-guardian.ts';
import { errorName } from './translate-error.ts';

/** What the switch is made of. `clientFor` gives the client of a guardian's Region. */
export interface MetricSwitchSettings {
  readonly config: Pick<ResolvedConfig, 'application' | 'evacuation'>;
  readonly clientFor: (region: string) => CloudWatchClient;
}

/**
 * The evacuation switch on Amazon CloudWatch: a metric in each guardian's Region, 1 while the Region is to be out. Route 53
 * reads the data stream of an alarm on it, and keeps the last status where there is no data.
 *
 * A metric has no condition: what was put last counts. So an operation that was overtaken is kept from it by its lease
 * alone, and what a person puts by hand is put back by the reconciler, which says every minute what the state says. Of what
 * is put within one minute the alarm takes the worst, so a Region is let in by the first minute in which nothing else is said.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export function createCloudWatchEvacuation({ config, clientFor }: MetricSwitchSettings): EvacuationSwitch {
  const put = async (ward: string, guardian: string, Value: 0 | 1): Promise<GuardianOutcome> => {
    const datum = { MetricName: SWITCH_METRIC.name, Dimensions: [...switchDimensions(config, ward)], Value };
    const command = new PutMetricDataCommand({ Namespace: SWITCH_METRIC.namespace, MetricData: [datum] });
    try {
      await clientFor(guardian).send(command);
      return { guardian, done: true };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { guardian, done: false, reason: `${errorName(error)}: ${message}` };
    }
  };
  const letIn = (ward: string): Promise<readonly GuardianOutcome[]> =>
    Promise.all(guardiansOf(config, ward).map((guardian) => put(ward, guardian, 0)));
  return {
    evacuate: (ward, _epoch, spared) =>
      holdBut(
        guardiansOf(config, ward).map((region) => ({ region })),
        { spared, set: ({ region }) => put(ward, region, 1), letGo: ({ region }) => put(ward, region, 0) },
      ),
    admit: letIn,
    tidy: letIn,
  };
}
