import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import { MACHINES, UNSUCCESSFUL_ENDS } from '../../state-machines/contracts.ts';
import { deploymentOf } from '../deployment.ts';
import { type FunctionSurroundings, SwitchyardFunction } from './switchyard-function.ts';

/** How often and for how long an event that the function did not take is tried again. */
const TRIES = { retryAttempts: 10, maxEventAge: Duration.hours(1) } as const;
/** A few calls of the coordination table and one message. */
const TIMEOUT_SECONDS = 15;

/**
 * Has every end of the Region's machines that is no success looked at: one that no Catch saw leaves an operation that
 * nobody leads, and people are to know. A machine's own timeout, a stop by hand and a failure of Step Functions run no
 * state that could tell them.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export class EndRecorder extends Construct {
  constructor(scope: Construct, id: string, props: FunctionSurroundings) {
    super(scope, id);
    const stack = Stack.of(this);
    const { function: recordEnd } = new SwitchyardFunction(this, 'RecordEnd', {
      ...props,
      name: 'record-end',
      description: 'Records ends of executions that no state of theirs saw, and tells people how to go on.',
      timeout: Duration.seconds(TIMEOUT_SECONDS),
    });
    const stateMachineArn = MACHINES.map((machine) =>
      names.stateMachineArn(props.config, deploymentOf(stack), { region: stack.region, machine }),
    );
    new Rule(this, 'Rule', {
      description: `Records ends of executions of ${props.config.application} that no state of theirs saw.`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn, status: [...UNSUCCESSFUL_ENDS] },
      },
      targets: [new LambdaFunction(recordEnd, TRIES)],
    });
  }
}
