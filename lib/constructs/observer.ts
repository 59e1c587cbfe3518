import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { checksOf } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { FUNCTION_MEMORY_MB } from '../../core/function-sizes.ts';
import { COVERAGE_SECONDS } from '../../core/health/rounds.ts';
import { EveryMinute } from './every-minute.ts';
import { type FunctionSurroundings, SwitchyardFunction } from './switchyard-function.ts';

/** For the coordination calls around the last round's probes, seconds. */
const MARGIN_SECONDS = 20;
/**
 * Overlapping invocations: one covers a bit more than three minutes, so four run at any time, a fifth where the schedule
 * delivers one twice, and a sixth for an alarm. Reserved, since an observer that is throttled in a Region's last minutes is
 * no observer.
 */
const CONCURRENT_INVOCATIONS = 6;

/**
 * Looks at every application Region round by round, and in an application Region decides after each round.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export class Observer extends Construct {
  /** The function itself. */
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: FunctionSurroundings) {
    super(scope, id);
    const { function: observe } = new SwitchyardFunction(this, 'ObserveRegions', {
      ...props,
      name: 'observe-regions',
      description: 'Probes every application Region in rounds of ten seconds and reports what it sees.',
      timeout: Duration.seconds(COVERAGE_SECONDS + longestProbeSeconds(props.config) + MARGIN_SECONDS),
      memorySize: FUNCTION_MEMORY_MB.observer,
      reservedConcurrentExecutions: CONCURRENT_INVOCATIONS,
    });
    this.function = observe;
    new EveryMinute(this, 'Schedule', { invoke: observe, description: 'Starts the next span of observation.' });
  }
}

/** The last round begins within the coverage; its slowest probe may end after it. */
function longestProbeSeconds(config: ResolvedConfig): number {
  return Math.max(...checksOf(config).map(({ check }) => check.timeoutSeconds));
}
