import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FUNCTION_MEMORY_MB } from '../../core/function-sizes.ts';
import { EveryMinute } from './every-minute.ts';
import { type FunctionSurroundings, SwitchyardFunction } from './switchyard-function.ts';

/**
 * Compares the Region with the one that serves, so that a failover knows what the source held once it can no longer be
 * asked. Ends before the next minute begins and never runs twice at once: the next run goes on where one has ended.
 */
export class RegionComparer extends Construct {
  constructor(scope: Construct, id: string, props: FunctionSurroundings) {
    super(scope, id);
    const { function: compare } = new SwitchyardFunction(this, 'CompareRegions', {
      ...props,
      name: 'compare-regions',
      description: 'Compares what this Region holds with what the Region that serves does.',
      timeout: Duration.seconds(55),
      memorySize: FUNCTION_MEMORY_MB.comparer,
      reservedConcurrentExecutions: 1,
    });
    new EveryMinute(this, 'Schedule', { invoke: compare, description: 'Compares Regions.' });
  }
}
