import { isReplicated } from '../config/data-tier.ts';
import { METRIC_NAMESPACE } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { Decision } from '../decision/outcome.ts';
import { isoTime } from '../iso-time.ts';
import type { ApplicationState } from '../operation/application-state.ts';
import { findEvent, type OperationRecord } from '../operation/operation-record.ts';
import { mayStandInFor } from '../routing/weights.ts';
import type { Message } from './channel.ts';
import { mayStart } from './failover-input.ts';
import { incidentOf } from './incident.ts';
import { consoleLink, runbookLink } from './links.ts';
import { failbackAnswers } from './standing.ts';

/** What a message about an operation is made of. */
export interface MessageFacts {
  readonly config: ResolvedConfig;
  /** Region that sends it; links lead there. */
  readonly region: string;
  readonly record: OperationRecord;
  readonly nowEpochMs: number;
}

/** Amazon SNS takes printable ASCII, fewer than 100 characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const LONGEST_SUBJECT = 99;
/** Task tokens are answered in the Region of the execution. */
const ANSWER_COMMAND = 'aws stepfunctions';

/** How an operation goes: started, succeeded, failed, aborted, held. */
export function progressMessage(facts: MessageFacts & { readonly event: string; readonly cause?: string }): Message {
  const { record, event, cause } = facts;
  const status = event === 'started' ? 'STARTED' : record.status === 'RUNNING' ? event.toUpperCase() : record.status;
  const body = { ...describe(facts), event, status, ...(cause === undefined ? {} : { cause }) };
  const message = messageOf(subject(record, status), { facts: body, text: humanText(facts, status, cause) });
  return { ...message, incident: incidentOf(record, event) };
}

/** Asks for an approval, with the two commands that give and refuse it. */
export function approvalMessage(facts: MessageFacts & { readonly taskToken: string }): Message {
  const { record, taskToken, region } = facts;
  const commands = {
    approve: answerCommand(
      'send-task-success',
      taskToken,
      `--task-output '{"decision":"approve","by":"<your name>"}'`,
      region,
    ),
    decline: answerCommand('send-task-failure', taskToken, '--error ApprovalDeclinedError --cause "<why>"', region),
  };
  const event = 'approval-requested';
  const message = messageOf(subject(record, 'APPROVAL'), {
    facts: { ...describe(facts), event, status: 'WAITING' },
    commands,
    text: `Approve or decline ${record.kind} of ${record.application} from ${record.request.source} to ${record.request.target}. Nothing has been changed.`,
  });
  return { ...message, incident: incidentOf(record, event) };
}

/** What the message about a hold is made of. */
export interface HoldFacts extends MessageFacts {
  readonly taskToken: string;
  readonly cause: string;
  /** What stands meanwhile. */
  readonly state: Pick<ApplicationState, 'weights' | 'writerRegion'>;
}

/** Tells that an operation is held for a person, with the two commands that go on and give up, and what each of them does. */
export function holdMessage(facts: HoldFacts): Message {
  const { record, taskToken, region, cause, state } = facts;
  const answer = (decision: string): string =>
    answerCommand(
      'send-task-success',
      taskToken,
      `--task-output '{"decision":"${decision}","by":"<your name>"}'`,
      region,
    );
  const event = 'held';
  const message = messageOf(subject(record, 'NEEDS_OPERATOR'), {
    facts: { ...describe(facts), event, status: 'NEEDS_OPERATOR', cause },
    commands: { resume: answer('resume'), abort: answer('abort') },
    text: `The ${record.kind} ${wayBack(record)}cannot finish by itself: ${cause}. ${record.kind === 'failback' ? failbackAnswers(record, state) : FAILOVER_ANSWERS}`,
  });
  return { ...message, incident: incidentOf(record, event) };
}

/** What each answer does to a failover that is held. */
const FAILOVER_ANSWERS = 'Traffic stays where it is. Repair the cause, then resume; or abort and settle it by hand.';

/** Only what is on record: a failed roll back is held too, with nothing promoted. */
function wayBack(record: OperationRecord): string {
  return findEvent(record, 'start-promotion', 'requested') === undefined ? '' : 'is past its point of no return and ';
}

/** A verdict that a person has to look at, with the input to paste if they agree. */
export function reviewMessage({ config, decision }: { config: ResolvedConfig; decision: Decision }): Message {
  const { application } = config;
  const target = decision.target ?? mayStandInFor(config, decision.subject)[0] ?? '';
  const executionInput = mayStart({ application, source: decision.subject, target, reason: decision.ruleId });
  const body = {
    event: 'manual-review',
    application,
    region: decision.subject,
    ruleId: decision.ruleId,
    confidence: decision.confidence,
    reason: decision.reason,
    closedGate: decision.closedGate,
    decidedAt: isoTime(decision.decidedAtEpochMs),
    checks: decision.evidence.checks.map(({ name, status, reason }) => ({ name, status, reason })),
    executionInput,
    runbook: runbookLink('manual-review'),
  };
  return messageOf(ascii(`[FAILOVER][MANUAL_REVIEW] ${application}: ${decision.subject}`), {
    facts: body,
    text: `${decision.subject} needs a person: ${decision.reason}. Nothing was started. ${howToMove(target)}`,
  });
}

/** A machine runs in the Region that takes over, whoever sends the message. */
function howToMove(target: string): string {
  return target === ''
    ? 'No Region may stand in for it: traffic has nowhere to go.'
    : `To move traffic, start the state machine in ${target} with the input above.`;
}

/**
 * Text that an operator may send to customers as it is. It says what is known and promises nothing else: how long an
 * interruption is expected to be where it was planned, and that data are safe where none can have been left behind.
 */
export function customerText({
  config,
  record,
  nowEpochMs,
}: Pick<MessageFacts, 'config' | 'record' | 'nowEpochMs'>): string {
  const why =
    record.request.mode === 'planned'
      ? 'Because of planned maintenance, requests may be interrupted, by our plan for less than a minute.'
      : 'Because of a disruption in one of our locations, requests may have been interrupted.';
  const data = losesNoData(config, record) ? ' No stored data is at risk.' : '';
  const page = config.notify.statusPage === undefined ? '' : ` Updates: ${config.notify.statusPage}`;
  return `${why} ${whereServiceIs(record, nowEpochMs)}${data}${page}`;
}

/** A switchover loses nothing, and neither does a move of traffic alone; a failover asks for `AllowDataLoss`. */
function losesNoData({ data }: ResolvedConfig, { kind, request }: OperationRecord): boolean {
  if ((request.acceptDataLossSeconds ?? 0) > 0) return false;
  return !isReplicated(data) || request.mode === 'planned' || kind === 'failback';
}

function whereServiceIs({ status, openedAtEpochMs, endedAtEpochMs }: OperationRecord, nowEpochMs: number): string {
  if (status === 'ABORTED' || status === 'FAILED') return 'Service stays in its present location.';
  if (status !== 'SUCCEEDED') return `We are moving service to another location since ${isoTime(openedAtEpochMs)}.`;
  const minutes = Math.ceil(((endedAtEpochMs ?? nowEpochMs) - openedAtEpochMs) / 60_000);
  return `Service was moved to another location within ${minutes} min.`;
}

/** What every message about an operation says. */
export function describe({ config, region, record, nowEpochMs }: MessageFacts): Readonly<Record<string, unknown>> {
  const { request } = record;
  const elapsedSeconds = Math.round(((record.endedAtEpochMs ?? nowEpochMs) - record.openedAtEpochMs) / 1000);
  return {
    kind: record.kind,
    application: record.application,
    operationId: record.operationId,
    epoch: record.epoch,
    source: request.source,
    target: request.target,
    mode: request.mode,
    reason: request.reason,
    requestedBy: request.requestedBy,
    ...(request.ticket === undefined ? {} : { ticket: request.ticket }),
    startedAt: isoTime(record.openedAtEpochMs),
    phases: record.events.map(({ step, outcome, atEpochMs }) => ({
      phase: step,
      state: outcome,
      at: isoTime(atEpochMs),
    })),
    rtoSoFarSeconds: elapsedSeconds,
    estimatedCompletion: isoTime(record.openedAtEpochMs + estimatedSeconds(config, record) * 1000),
    incidentChannel: config.notify.incidentChannel ?? null,
    console: consoleLink(region, record.executionArn),
    runbook: runbookLink(record.kind),
    metricNamespace: METRIC_NAMESPACE,
    customerText: customerText({ config, record, nowEpochMs }),
  };
}

/** The promotion's deadline and the caches; on the way back also every rung's bake. */
function estimatedSeconds({ data, failback, ttlSeconds }: ResolvedConfig, { kind, request }: OperationRecord): number {
  const { promotionDeadlineSeconds } = { promotionDeadlineSeconds: 0, ...data };
  const rungs = request.mode === 'emergency' ? 1 : failback.rungs.length;
  const bakes = kind === 'failback' ? rungs * failback.bakeMinutes * 60 : 0;
  return promotionDeadlineSeconds + 5 * ttlSeconds + bakes;
}

function humanText({ record, nowEpochMs }: MessageFacts, status: string, cause: string | undefined): string {
  const { source, target, reason, requestedBy } = record.request;
  const seconds = Math.round(((record.endedAtEpochMs ?? nowEpochMs) - record.openedAtEpochMs) / 1000);
  const because = cause === undefined || cause === '' ? '' : ` Cause: ${cause}.`;
  return `${record.kind} of ${record.application} from ${source} to ${target}: ${status} after ${seconds} s. Reason: ${reason}, requested by ${requestedBy}.${because}`;
}

/** The first line of every message about an operation. */
export function subject({ kind, application, request }: OperationRecord, status: string): string {
  const { source, target } = request;
  return subjectOf(kind.toUpperCase(), status, { application, source, target });
}

/** The subject of a message about something between two Regions. */
export function subjectOf(
  what: string,
  status: string,
  { application, source, target }: { readonly application: string; readonly source: string; readonly target: string },
): string {
  return ascii(`[${what}][${status}] ${application}: ${source} -> ${target}`);
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_SUBJECT);
}

/** The commands that answer a waiting task are in the body alone, which goes to the account's own topic. */
export function messageOf(
  subjectLine: string,
  {
    facts,
    text,
    commands,
  }: {
    readonly facts: Readonly<Record<string, unknown>>;
    readonly text: string;
    readonly commands?: Readonly<Record<string, string>>;
  },
): Message {
  const body = { ...facts, ...(commands === undefined ? {} : { commands }), text };
  return { subject: subjectLine, body: JSON.stringify(body, null, 2), text, facts };
}

/** The command that answers a waiting task. */
export function answerCommand(verb: string, taskToken: string, rest: string, region: string): string {
  return `${ANSWER_COMMAND} ${verb} --region ${region} --task-token '${taskToken}' ${rest}`;
}
