import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FUNCTION_MEMORY_MB } from '../../core/function-sizes.ts';
import { EveryMinute } from './every-minute.ts';
import { type FunctionSurroundings, SwitchyardFunction } from './switchyard-function.ts';

/**
 * Finishes what a failover could not: records, and a guardian that was away. Ends before the next minute begins and
 * never runs twice at once: two writers would only fight for the epoch record.
 */
export class RecordReconciler extends Construct {
  constructor(scope: Construct, id: string, props: FunctionSurroundings) {
    super(scope, id);
    const { function: reconcile } = new SwitchyardFunction(this, 'ReconcileRecords', {
      ...props,
      name: 'reconcile-records',
      description: 'Brings records and evacuation switches to what the state says, where an operation could not.',
      timeout: Duration.seconds(50),
      memorySize: FUNCTION_MEMORY_MB.reconciler,
      reservedConcurrentExecutions: 1,
    });
    new EveryMinute(this, 'Schedule', { invoke: reconcile, description: 'Reconciles records and switches.' });
  }
}
