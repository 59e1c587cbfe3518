import type { ApplicationState } from '../operation/application-state.ts';
import type { OperationRecord } from '../operation/operation-record.ts';
import { mayStart } from './failover-input.ts';

/** Of the application's state, what people are told. */
export type Standing = Pick<ApplicationState, 'weights' | 'writerRegion'>;

/** What stands as an operation leaves it: who gets the traffic, and who may write. */
export function describeStanding({ weights, writerRegion }: Standing): string {
  const shares = Object.entries(weights).map(([region, weight]) => `${region} ${weight}`);
  return `traffic stands at ${shares.join(', ')}; ${writerRegion ?? 'nobody'} may write`;
}

/** What each answer does to a failback that is held. */
export function failbackAnswers({ request: { source: current } }: OperationRecord, state: Standing): string {
  return [
    `Until it is answered ${describeStanding(state)}.`,
    '"resume" goes on up the ladder from where it stands: repair the cause first.',
    `"abort" puts all traffic back on ${current} where the data writer is there, and ends the failback; where the writer has left, it and the traffic stay, the failback ends NEEDS_OPERATOR, and a failover from the Region with the writer can be started.`,
  ].join(' ');
}

/** What a failback leaves that ended because the Region that serves has itself failed, and what to do if nobody takes over. */
export function leftForFailover({ application, request }: OperationRecord, state: Standing): string {
  const { source, target } = request;
  const input = mayStart({ application, source, target, reason: 'the Region that serves has failed' });
  return `nothing is put back: ${describeStanding(state)}. A failover to ${target} takes over by itself where automation may start one; if none has begun within a minute, start the state machine failover in ${target} with ${JSON.stringify(input)}`;
}
