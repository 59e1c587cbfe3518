import { findRegion } from '../../core/config/accessors.ts';
import { DATABASE_WRITER_CHECK, FRONT_DOOR_CHECK } from '../../core/config/checks.ts';
import { isPromoted, isReplicated } from '../../core/config/data-tier.ts';
import { type Assessment, assess, findCheck } from '../../core/health/assess.ts';
import { contractMismatches } from '../../core/health/contract.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import { OperationError } from '../../core/operation/errors.ts';
import { observedLag } from '../../core/operation/observed-lag.ts';
import { findStanding, type OperationRecord } from '../../core/operation/operation-record.ts';
import {
  exceedsNamedLoss,
  type GateResult,
  isMeasured,
  judgeTarget,
  type LagSight,
  type TargetSight,
} from '../../core/operation/verify.ts';
import type { DocumentSight } from '../../core/parity/compare-documents.ts';
import { parityItems } from '../../core/parity/items.ts';
import { judgeParity, type ParityJudgement } from '../../core/parity/judge-parity.ts';
import type { ParityRecord } from '../../core/parity/parity-record.ts';
import type { LagReading, LookingContext } from '../../core/ports.ts';
import type { GateOutput, ValidateTargetInput } from '../../state-machines/contracts.ts';
import { readContractDocument } from '../look-at-parity.ts';
import { journalFor } from '../step-journal.ts';

type Context = LookingContext<'coordination' | 'clock' | 'http'>;

/**
 * Judges the target before anything is changed: health by quorum, replication lag against the loss budget, capacity for
 * the source's load, contract revisions, and content as it was last compared with the source's. Every check runs and every reason is reported. Calls run side by side, so that
 * a dead Region costs one deadline and not several.
 *
 * A target that is the writer already lacks nothing: its lag and what the data tier has against a promotion count for nothing.
 *
 * Asked to confirm, it judges again what was judged before a person was asked or planned work prepared. Once the source
 * is fenced the question is settled: no gate may stop half-way what is under way.
 *
 * @throws {OperationError} `TargetNotReadyError` with every reason, where it was asked to confirm.
 */
export function createValidateTarget(context: Context): (input: ValidateTargetInput) => Promise<GateOutput> {
  return async (input) => {
    const { confirm = false } = input;
    const journal = await journalFor('validate-target', context, input);
    if (confirm && isFenced(journal.record)) return { passed: true, reasons: [] };
    const { result, detail, maySkip } = await lookAtTarget(context, input, journal.record);
    const skipped = input.operation.mode === 'emergency' && !result.passed && maySkip;
    const passed = result.passed || skipped;
    await journal.add(passed ? 'done' : 'refused', {
      ...detail,
      reasons: result.reasons,
      notes: result.notes,
      ...(skipped ? { skippedGates: result.reasons } : {}),
    });
    if (confirm && !passed) throw notReady(input, result);
    return { passed, reasons: result.reasons };
  };
}

function isFenced(record: OperationRecord): boolean {
  return findStanding(record, 'fence-source', 'fence') !== undefined;
}

function notReady({ operation }: ValidateTargetInput, { reasons }: GateResult): OperationError {
  return new OperationError(
    'TargetNotReadyError',
    `${operation.target} was ready when the operation began and no longer is: ${reasons.join('; ')}`,
  );
}

/** What came of a look. */
interface Look {
  readonly result: GateResult;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Whether an emergency may go on against these reasons. */
  readonly maySkip: boolean;
}

async function lookAtTarget(
  context: Context,
  { operation }: ValidateTargetInput,
  record: OperationRecord,
): Promise<Look> {
  const { config, ports } = context;
  const nowEpochMs = ports.clock.nowEpochMs();
  const [{ state, reports, parity }, measured, document, found] = await Promise.all([
    ports.coordination.readSituation(),
    measureLag(context, operation),
    readDocument(context, operation.target),
    lookForObstacles(context, operation, record),
  ]);
  const isWriter = await writesAlready(context, state, operation);
  const obstacles = isWriter ? [] : found;
  const reading = measured ?? observedLag(reports, operation);
  const source = assess(config, { subject: operation.source, reports, nowEpochMs });
  const load = source.metrics['requests-per-second']?.at(-1)?.value;
  const capacity = findRegion(config, operation.target)?.capacityRequestsPerSecond;
  const accepted = record.request.acceptDataLossSeconds;
  const lag = reading === undefined ? undefined : seeLag(reading, { source, nowEpochMs });
  // Planned work waits the lag down before it begins, and a writer lacks nothing: a lag now refuses neither.
  const lagMatters = isReplicated(config.data) && operation.mode !== 'planned' && !isWriter;
  const judged = judgeContent(context, { operation, parity, document, source });
  const sight: TargetSight = {
    assessment: assess(config, { subject: operation.target, reports, nowEpochMs }),
    ...(lag === undefined ? {} : { lag }),
    lagMatters,
    contractMismatches: mismatchesIn(context, document),
    parity: judged,
    obstacles,
    ...(load === undefined ? {} : { loadRequestsPerSecond: load }),
    ...(capacity === undefined ? {} : { capacityRequestsPerSecond: capacity }),
    ...(accepted === undefined ? {} : { acceptedLossSeconds: accepted }),
  };
  const lagDetail = {
    ...(reading === undefined ? {} : { lagSeconds: reading.seconds, lagMeasuredAtEpochMs: reading.measuredAtEpochMs }),
    ...(lagMatters && !isMeasured(lag) ? { lag: 'unmeasured' } : {}),
    ...(isWriter ? { isWriter } : {}),
  };
  return {
    result: judgeTarget(config, sight),
    maySkip: !exceedsNamedLoss(config, sight),
    detail: {
      ...lagDetail,
      ...describeLoad(source),
      ...(judged.items.length === 0 ? {} : { parity: judged.items }),
      ...(accepted === undefined ? {} : { acceptedLossSeconds: accepted }),
    },
  };
}

/**
 * Whether the target has the right to write, and the data tier calls it the writer: a failback has moved it there before the
 * Region that served failed. Then nothing can be lost by going there.
 */
async function writesAlready(
  { config, ports }: Context,
  { writerRegion }: ApplicationState,
  { target }: ValidateTargetInput['operation'],
): Promise<boolean> {
  if (writerRegion !== target || !isReplicated(config.data)) return false;
  if (!isPromoted(config.data)) return true;
  const status = await ports.dataTier.status().catch(() => undefined);
  return status?.writerRegion === target && status.movingTo === null;
}

/** The source wrote until its writer failed by quorum, and for all that is known still does where it has not. */
function seeLag(
  { seconds, measuredAtEpochMs }: LagReading,
  { source, nowEpochMs }: { source: Assessment; nowEpochMs: number },
): LagSight {
  const writer = findCheck(source, DATABASE_WRITER_CHECK) ?? findCheck(source, FRONT_DOOR_CHECK);
  const wroteUntil = writer?.status === 'failed' ? (writer.sinceEpochMs ?? nowEpochMs) : nowEpochMs;
  return {
    seconds,
    ageSeconds: (nowEpochMs - measuredAtEpochMs) / 1000,
    unseenSeconds: Math.max(0, wroteUntil - measuredAtEpochMs) / 1000,
  };
}

function describeLoad({ metrics }: Assessment): Readonly<Record<string, unknown>> {
  const load = metrics['requests-per-second']?.at(-1);
  return load === undefined ? {} : { loadRequestsPerSecond: load.value, loadMeasuredAtEpochMs: load.atEpochMs };
}

/** A measurement that cannot be had is none; the gate says what that means. */
async function measureLag(
  { config, ports }: Context,
  { source, target }: ValidateTargetInput['operation'],
): Promise<LagReading | undefined> {
  if (!isReplicated(config.data)) return undefined;
  return ports.dataTier.replicationLag(target, source).catch(() => undefined);
}

/**
 * What the data tier itself has against the target, asked before anything is changed. Once the source was fenced the
 * question has been settled: by then the copy may be one no more. A data tier that does not answer is no obstacle that
 * is known; it will be asked for the promotion.
 */
async function lookForObstacles(
  { config, ports }: Context,
  { target }: ValidateTargetInput['operation'],
  record: OperationRecord,
): Promise<readonly string[]> {
  if (!isReplicated(config.data) || isFenced(record)) return [];
  return ports.dataTier.obstacles(target).catch(() => []);
}

/** The target's contract health document; undefined where nothing in it is judged. */
async function readDocument(context: Context, target: string): Promise<DocumentSight | undefined> {
  const { contract } = context.config;
  const isJudged = Object.keys(contract.expected).length > 0 || parityItems(context.config).length > 0;
  return isJudged ? readContractDocument(context, target) : undefined;
}

function mismatchesIn({ config }: Context, sight: DocumentSight | undefined): readonly string[] {
  if (sight === undefined || Object.keys(config.contract.expected).length === 0) return [];
  return 'document' in sight ? contractMismatches(config.contract.expected, sight.document) : [sight.missing];
}

/** The source may be dark: what it held is known from when both were last compared. */
function judgeContent(
  { config, ports }: Context,
  {
    operation,
    parity,
    document,
    source,
  }: {
    operation: ValidateTargetInput['operation'];
    parity: readonly ParityRecord[];
    document: DocumentSight | undefined;
    source: Assessment;
  },
): ParityJudgement {
  const nowEpochMs = ports.clock.nowEpochMs();
  const door = findCheck(source, FRONT_DOOR_CHECK);
  return judgeParity(config, {
    source: operation.source,
    target: document ?? { region: operation.target, missing: 'not asked' },
    record: parity.find(({ target }) => target === operation.target),
    sourceHeardUntilEpochMs: door?.status === 'failed' ? (door.sinceEpochMs ?? nowEpochMs) : nowEpochMs,
    nowEpochMs,
  });
}
