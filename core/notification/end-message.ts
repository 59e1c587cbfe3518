import type { Message } from './channel.ts';
import { incidentOf } from './incident.ts';
import { describe, type MessageFacts, messageOf, subject } from './messages.ts';
import { describeStanding, type Standing } from './standing.ts';

/** How an execution came to an end that none of its states foresaw. */
export interface UnforeseenEnd {
  /** As Step Functions calls it. */
  readonly status: string;
  readonly error: string | null;
  /** Whether the execution itself can go on: one that ended in a Fail state would end there again. */
  readonly mayRedrive: boolean;
  /** The operation that holds the application by now, where it is another one. */
  readonly overtakenBy: string | undefined;
}

/** Days in which an execution can be redriven: https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html */
const REDRIVABLE_DAYS = 14;

/** What the message tells of; `state` is the application's by now. */
type EndFacts = MessageFacts & { readonly end: UnforeseenEnd; readonly state: Standing };

/** Tells that the execution of an operation is gone, with the command that goes on and the inputs that do so or end it. */
export function endMessage(facts: EndFacts): Message {
  const { record, end } = facts;
  const event = 'execution-ended';
  const message = messageOf(subject(record, 'STOPPED'), {
    facts: {
      ...describe(facts),
      event,
      status: record.status,
      end,
      runbook: 'docs/operations.md#after-a-crash',
      ...(end.overtakenBy === undefined ? waysOn(facts) : {}),
    },
    text: textOf(facts),
  });
  // Where another operation holds the application nobody has anything to do about this one.
  return { ...message, incident: incidentOf(record, end.overtakenBy === undefined ? event : 'aborted') };
}

/** The command that goes on, where the execution can; and the inputs of a new execution, where the operation has not ended. */
function waysOn({
  record,
  region,
  end,
}: MessageFacts & { readonly end: UnforeseenEnd }): Readonly<Record<string, unknown>> {
  const { operationId, executionArn, request } = record;
  const { epoch: _, resume: __, abort: ___, ...asked } = request;
  const input = { ...asked, mode: asked.mode === 'automatic' ? 'manual' : asked.mode, requestedBy: '<your name>' };
  const redrive = `aws stepfunctions redrive-execution --region ${region} --execution-arn ${executionArn}`;
  return {
    commands: end.mayRedrive ? { redrive } : {},
    ...(record.endedAtEpochMs === null
      ? { executionInputs: { resume: { ...input, resume: operationId }, abort: { ...input, abort: operationId } } }
      : {}),
  };
}

function textOf({ record, end, state }: EndFacts): string {
  const { kind, operationId, status } = record;
  const ended = `The execution of ${kind} ${operationId} ended with ${end.error ?? end.status}`;
  if (record.endedAtEpochMs !== null)
    return `${ended} after the ${kind} had come to ${status}, before people were told so. Redrive it by the command above.`;
  if (end.overtakenBy !== undefined)
    return `${ended}, and the ${kind} did not. It does not hold the application (${end.overtakenBy} does), so it changes nothing any more; if it is still wanted, start a new one.`;
  const last = record.events.findLast(({ step }) => step !== 'record-end')?.step ?? 'none';
  const how = end.mayRedrive
    ? `Redrive it within ${REDRIVABLE_DAYS} days by the command above`
    : 'It ended in a Fail state, where a redrive would end again: start a new execution with the input "resume"';
  return `${ended}, and the ${kind} did not. Last step on record: ${last}. Meanwhile ${describeStanding(state)}. ${how}; or end it with the input "abort".${untilWhen(record, state)}`;
}

/** A lost failback is not left as it stands; only one that has fenced the writer needs somebody who looks at the data tier. */
function untilWhen({ kind }: MessageFacts['record'], { writerRegion }: Standing): string {
  if (kind !== 'failback') return '';
  return writerRegion === null
    ? ' Nothing else gives the right to write back.'
    : ' If nobody does within two minutes, it is ended by itself: all traffic goes back where the data writer is in the Region that serves, and otherwise the application waits for a person (NEEDS_OPERATOR).';
}
