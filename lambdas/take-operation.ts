import type { ApplicationState } from '../core/operation/application-state.ts';
import { createJournal, leaseUntil, type StepLimits } from '../core/operation/journal.ts';
import type { OperationRecord, Snapshot } from '../core/operation/operation-record.ts';
import type { OperationKind, OperationRequest } from '../core/operation/request.ts';
import { type Opening, openOperation, type Refusal, type Transition } from '../core/operation/transitions.ts';
import type { Ports } from '../core/ports.ts';
import { refused } from './open-operation/refused.ts';

type OpeningPorts = Pick<Ports, 'coordination' | 'clock'>;

/** What is opened, by which execution, and for how long it may be silent then. */
export interface OperationToTake {
  readonly kind: OperationKind;
  readonly request: OperationRequest;
  readonly executionName: string;
  readonly executionArn: string;
  /** The step that opens it, by the name of its folder. */
  readonly step: string;
  readonly limits: StepLimits;
  /** Judges whether it may be opened. @default - as an application's operation is judged */
  readonly open?: typeof openOperation;
  /** What is put right in the state when it is opened over an operation that died. @default - nothing */
  readonly settle?: (state: ApplicationState, died: OperationRecord) => Partial<ApplicationState>;
}
type Taking = Required<OperationToTake>;

/** The application as it was found, and as it is put right when the operation opens. */
interface Found {
  readonly taking: Taking;
  readonly state: ApplicationState;
  readonly died: OperationRecord | undefined;
  readonly settled: Partial<ApplicationState>;
}

/**
 * Keeps the record of an operation and takes the lease for it. The execution's name is the operation's id, so a second
 * try of the same execution finds its own operation.
 *
 * @throws {OperationError} `OperationRefusedError` naming the holder or what does not fit.
 */
export async function takeOperation(ports: OpeningPorts, given: OperationToTake): Promise<OperationRecord> {
  const taking: Taking = { open: openOperation, settle: () => ({}), ...given };
  const state = await ports.coordination.readState();
  const died = state.operationId === null ? undefined : await ports.coordination.readOperation(state.operationId);
  const found: Found = { taking, state, died, settled: died === undefined ? {} : taking.settle(state, died) };
  const record = await recordOf(ports, found);
  if (record.executionArn !== taking.executionArn)
    throw refused(`${record.operationId} is the operation of ${record.executionArn}; start under another name`);
  if (record.endedAtEpochMs !== null) throw refused(`operation ${record.operationId} has ended with ${record.status}`);
  if (state.operationId !== record.operationId) await takeLease(ports, record, found);
  return record;
}

async function recordOf(ports: OpeningPorts, found: Found): Promise<OperationRecord> {
  const { taking, state } = found;
  const existing = await ports.coordination.readOperation(taking.executionName);
  if (existing !== undefined) return existing;
  const record: OperationRecord = {
    operationId: taking.executionName,
    application: state.application,
    kind: taking.kind,
    epoch: state.epoch + 1,
    request: taking.request,
    status: 'RUNNING',
    openedAtEpochMs: ports.clock.nowEpochMs(),
    endedAtEpochMs: null,
    executionArn: taking.executionArn,
    before: snapshot(found),
    events: [],
  };
  await ports.coordination.createOperation(record);
  return record;
}

/**
 * What an end that puts everything back goes back to. An operation that died on the way has left the application between
 * two places: then it is what was there before that one, as far as it was not moved for good.
 */
function snapshot({ state, died, settled }: Found): Snapshot {
  const { phase, activeRegion, writerRegion, writerEpoch, weights, evacuated, heldOut, partedAtEpochMs } = {
    ...state,
    ...settled,
  };
  const parted = partedAtEpochMs === undefined ? {} : { partedAtEpochMs };
  const now = { phase, activeRegion, writerRegion, writerEpoch, weights, evacuated, heldOut, ...parted };
  if (died === undefined) return now;
  return {
    ...now,
    phase: activeRegion === died.before.activeRegion ? died.before.phase : 'FAILED_OVER',
    writerRegion: writerRegion ?? died.before.writerRegion,
  };
}

/** A refused operation is kept with its reason: whoever asked is told who holds the application. */
async function takeLease(
  ports: OpeningPorts,
  record: OperationRecord,
  { taking, state, settled }: Found,
): Promise<void> {
  const { coordination, clock } = ports;
  const journal = createJournal({ record, step: taking.step, coordination, clock });
  const opening: Opening = {
    kind: record.kind,
    request: record.request,
    operationId: record.operationId,
    leaseExpiresAtEpochMs: leaseUntil(taking.limits, clock.nowEpochMs()),
    nowEpochMs: clock.nowEpochMs(),
  };
  const outcome = state.epoch + 1 === record.epoch ? taking.open(state, opening) : overtaken(state);
  const refusal = isRefusal(outcome)
    ? outcome
    : await makeTransition(
        ports,
        { expect: outcome.expect, set: { ...settled, ...outcome.set } },
        { opening, open: taking.open },
      );
  if (refusal === undefined) return;
  await journal.add('refused', { code: refusal.code, reason: refusal.reason });
  await coordination.setStatus(record.operationId, 'ABORTED', clock.nowEpochMs());
  throw refused(refusal.reason);
}

/** Undefined where the lease was taken; whoever was faster is named. */
async function makeTransition(
  { coordination }: OpeningPorts,
  transition: Transition,
  { opening, open }: { opening: Opening; open: Taking['open'] },
): Promise<Refusal | undefined> {
  if ((await coordination.transition(transition)) !== undefined) return undefined;
  const now = await coordination.readState();
  if (now.operationId === opening.operationId) return undefined;
  const again = open(now, opening);
  return isRefusal(again) ? again : overtaken(now);
}

function overtaken({ epoch }: ApplicationState): Refusal {
  return {
    code: 'stale-epoch',
    reason: `the application changed while the operation was opened; it is at epoch ${epoch}`,
  };
}

function isRefusal(outcome: Transition | Refusal): outcome is Refusal {
  return 'code' in outcome;
}
