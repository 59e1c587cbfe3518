import { findRegion } from '../../core/config/accessors.ts';
import { DATABASE_WRITER_CHECK, FRONT_DOOR_CHECK } from '../../core/config/checks.ts';
import { isReplicated } from '../../core/config/data-tier.ts';
import { endpointUrl } from '../../core/config/endpoint.ts';
import { type Assessment, assess, findCheck } from '../../core/health/assess.ts';
import { contractMismatches, parseContractHealth } from '../../core/health/contract.ts';
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
import type { LagReading, LookingContext } from '../../core/ports.ts';
import type { GateOutput, ValidateTargetInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

type Context = LookingContext<'coordination' | 'clock' | 'http'>;

/** A target that does not tell its revisions within this has not told them, ms. */
const CONTRACT_TIMEOUT_MS = 2_000;

/**
 * Judges the target before anything is changed: health by quorum, replication lag against the loss budget, capacity for
 * the source's load, contract revisions. Every check runs and every reason is reported. Calls run side by side, so that
 * a dead Region costs one deadline and not several.
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
  const [{ reports }, measured, mismatches, obstacles] = await Promise.all([
    ports.coordination.readSituation(),
    measureLag(context, operation),
    readContract(context, operation.target),
    lookForObstacles(context, operation, record),
  ]);
  const reading = measured ?? observedLag(reports, operation);
  const source = assess(config, { subject: operation.source, reports, nowEpochMs });
  const load = source.metrics['requests-per-second']?.at(-1)?.value;
  const capacity = findRegion(config, operation.target)?.capacityRequestsPerSecond;
  const accepted = record.request.acceptDataLossSeconds;
  const lag = reading === undefined ? undefined : seeLag(reading, { source, nowEpochMs });
  // Planned work waits the lag down before it begins; a lag now refuses nothing.
  const lagMatters = isReplicated(config.data) && operation.mode !== 'planned';
  const sight: TargetSight = {
    assessment: assess(config, { subject: operation.target, reports, nowEpochMs }),
    ...(lag === undefined ? {} : { lag }),
    lagMatters,
    contractMismatches: mismatches,
    obstacles,
    ...(load === undefined ? {} : { loadRequestsPerSecond: load }),
    ...(capacity === undefined ? {} : { capacityRequestsPerSecond: capacity }),
    ...(accepted === undefined ? {} : { acceptedLossSeconds: accepted }),
  };
  const lagDetail = {
    ...(reading === undefined ? {} : { lagSeconds: reading.seconds, lagMeasuredAtEpochMs: reading.measuredAtEpochMs }),
    ...(lagMatters && !isMeasured(lag) ? { lag: 'unmeasured' } : {}),
  };
  return {
    result: judgeTarget(config, sight),
    maySkip: !exceedsNamedLoss(config, sight),
    detail: {
      ...lagDetail,
      ...describeLoad(source),
      ...(accepted === undefined ? {} : { acceptedLossSeconds: accepted }),
    },
  };
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

async function readContract({ config, ports }: Context, target: string): Promise<readonly string[]> {
  const region = findRegion(config, target);
  if (region === undefined || Object.keys(config.contract.expected).length === 0) return [];
  const answer = await ports.http.get(endpointUrl(region.endpoint, config.contract.path), {
    timeoutMs: CONTRACT_TIMEOUT_MS,
  });
  return answer.answered
    ? contractMismatches(config.contract.expected, parseContractHealth(answer.body))
    : [`no answer: ${answer.reason}`];
}
