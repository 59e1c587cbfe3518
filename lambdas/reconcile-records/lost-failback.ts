import { automaticReason } from '../../core/decision/decide.ts';
import { assessIn } from '../../core/decision/decide-on.ts';
import type { ObserverReport } from '../../core/health/report.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import { createJournal } from '../../core/operation/journal.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import { abandonFailback } from '../../core/operation/transitions.ts';
import type { StepContext } from '../../core/ports.ts';
import { publishEnd } from '../publish-end.ts';

type Context = StepContext<'coordination' | 'clock' | 'evacuation' | 'telemetry'>;

/**
 * A failback runs in the Region that traffic returns to, so that it outlives the one that serves. Where the returning
 * Region dies, its machine dies with it: then the Region that serves takes it out of the answers by its switch. The
 * reason; undefined where there is none.
 */
export async function leaveDeadOriginal(
  { config, ports }: Context,
  { state, reports }: { state: ApplicationState; reports: readonly ObserverReport[] },
): Promise<string | undefined> {
  const original = (await failbackOf({ ports }, state))?.request.target;
  // With the writer there already, traffic is not taken away from it: a person decides.
  if (original === undefined || state.writerRegion !== state.activeRegion) return undefined;
  const nowEpochMs = ports.clock.nowEpochMs();
  const assessment = assessIn(config, { state, reports }, { subject: original, nowEpochMs });
  const reason = automaticReason(assessment, config);
  if (reason === undefined) return undefined;
  await ports.evacuation.evacuate(original, state.epoch);
  return `${original} is out, ${reason}`;
}

/**
 * Ends a failback that has not been heard of for as long as it may be silent: all traffic is to be where the writer is,
 * and the returning Region is out. Where the writer is in neither place for sure, a person decides.
 */
export async function endLostFailback(context: Context, state: ApplicationState): Promise<ApplicationState> {
  const { config, ports } = context;
  const record = await failbackOf({ ports }, state);
  if (record === undefined) return state;
  const ended = await ports.coordination.transition(abandonFailback(config, state, record.request.target));
  if (ended === undefined) return state;
  const journal = createJournal({ ...ports, record, step: 'reconcile-records' });
  const did = `the machine is gone; ${ended.activeRegion} serves, phase ${ended.phase}`;
  await journal.add('compensated', { what: 'switch', did });
  publishEnd(context, journal.record);
  const status = ended.phase === 'NEEDS_OPERATOR' ? 'NEEDS_OPERATOR' : 'ABORTED';
  await ports.coordination.setStatus(record.operationId, status, ports.clock.nowEpochMs());
  return ended;
}

async function failbackOf(
  { ports }: { readonly ports: Pick<Context['ports'], 'coordination'> },
  { operationId, phase }: ApplicationState,
): Promise<OperationRecord | undefined> {
  if (operationId === null || phase !== 'FAILING_BACK') return undefined;
  return ports.coordination.readOperation(operationId);
}
