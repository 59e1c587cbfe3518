import { automaticReason } from '../../core/decision/decide.ts';
import { assessIn } from '../../core/decision/decide-on.ts';
import type { ObserverReport } from '../../core/health/report.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import { abandonFailback, handOverFailback } from '../../core/operation/hand-over.ts';
import { createJournal } from '../../core/operation/journal.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { Transition } from '../../core/operation/transitions.ts';
import type { StepContext } from '../../core/ports.ts';
import { publishEnd } from '../publish-end.ts';

type Context = StepContext<'coordination' | 'clock' | 'evacuation' | 'telemetry'>;

/** The application, and what observers say of its Regions. */
interface Sight {
  readonly state: ApplicationState;
  readonly reports: readonly ObserverReport[];
}

/**
 * A failback runs in the Region that traffic returns to, so that it outlives the one that serves. Where the returning
 * Region dies, its machine dies with it: then the Region that serves takes it out of the answers by its switch. With the
 * data writer there already it is the returning Region that serves: the failback is ended, and a failover leaves it. The
 * reason; undefined where nothing was done.
 */
export async function leaveDeadOriginal(context: Context, { state, reports }: Sight): Promise<string | undefined> {
  const { config, ports } = context;
  const record = await failbackOf(context, state);
  if (record === undefined) return undefined;
  const { target: original } = record.request;
  const nowEpochMs = ports.clock.nowEpochMs();
  const assessment = assessIn(config, { state, reports }, { subject: original, nowEpochMs });
  const reason = automaticReason(assessment, config);
  if (reason === undefined) return undefined;
  if (state.writerRegion === original) return handOver(context, { state, record, reason });
  // While the writer is on its way nobody knows which Region is to be left; a held failback has a person.
  if (state.writerRegion !== state.activeRegion || state.phase === 'NEEDS_OPERATOR') return undefined;
  await ports.evacuation.evacuate(original, state.epoch);
  return `${original} is out, ${reason}`;
}

async function handOver(
  context: Context,
  { state, record, reason }: { state: ApplicationState; record: OperationRecord; reason: string },
): Promise<string | undefined> {
  const { source: current, target: original } = record.request;
  const ended = await end(context, record, {
    transition: handOverFailback(state, original),
    detail: ({ phase }) => ({
      reasons: [reason],
      handedOver: `${original} has failed with the data writer in it; a failover from ${original} to ${current} takes over, phase ${phase}`,
    }),
  });
  return ended === undefined ? undefined : `${original} is to be left, ${reason}`;
}

/**
 * Ends a failback that has not been heard of for as long as it may be silent: all traffic is to be where the writer is,
 * and the returning Region is out. With the writer in the returning one, a person decides. One that has fenced the writer
 * is left to the commands that people were told, and to a failover, which may begin over it: both ask the data tier.
 */
export async function endLostFailback(context: Context, state: ApplicationState): Promise<ApplicationState> {
  // A held one waits for its person, however long.
  const record = state.phase === 'FAILING_BACK' ? await failbackOf(context, state) : undefined;
  if (record === undefined || state.writerRegion === null) return state;
  const ended = await end(context, record, {
    transition: abandonFailback(context.config, state, record.request.target),
    detail: ({ activeRegion, phase }) => ({
      what: 'switch',
      did: `the machine is gone; ${activeRegion} serves, phase ${phase}`,
    }),
  });
  return ended ?? state;
}

/** How a failback is ended, and what its record says of it. */
interface Ending {
  readonly transition: Transition;
  readonly detail: (ended: ApplicationState) => Readonly<Record<string, unknown>>;
}

/** The state afterwards; undefined where its machine, or another reconciler, has changed it at this moment. */
async function end(
  context: Context,
  record: OperationRecord,
  { transition, detail }: Ending,
): Promise<ApplicationState | undefined> {
  const { ports } = context;
  const ended = await ports.coordination.transition(transition);
  if (ended === undefined) return undefined;
  const journal = createJournal({ ...ports, record, step: 'reconcile-records' });
  const told = detail(ended);
  await journal.add('handedOver' in told ? 'refused' : 'compensated', told);
  publishEnd(context, journal.record);
  const status = ended.phase === 'NEEDS_OPERATOR' ? 'NEEDS_OPERATOR' : 'ABORTED';
  await ports.coordination.setStatus(record.operationId, status, ports.clock.nowEpochMs());
  return ended;
}

async function failbackOf(
  { ports }: StepContext<'coordination'>,
  { operationId, phase }: ApplicationState,
): Promise<OperationRecord | undefined> {
  if (operationId === null || (phase !== 'FAILING_BACK' && phase !== 'NEEDS_OPERATOR')) return undefined;
  const record = await ports.coordination.readOperation(operationId);
  return record?.kind === 'failback' ? record : undefined;
}
