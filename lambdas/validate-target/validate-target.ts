import { findRegion } from '../../core/config/accessors.ts';
import { endpointUrl } from '../../core/config/endpoint.ts';
import { type Assessment, assess } from '../../core/health/assess.ts';
import { contractMismatches } from '../../core/health/contract.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import { type GateResult, judgeTarget } from '../../core/operation/verify.ts';
import type { LagReading, StepContext } from '../../core/ports.ts';
import type { GateOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'http' | 'dataTier'>;

/** A target that does not tell its revisions within this has not told them, ms. */
const CONTRACT_TIMEOUT_MS = 2_000;

/**
 * Judges the target before anything is changed: health by quorum, replication lag against the loss budget, capacity for
 * the source's load, contract revisions. Every check runs and every reason is reported. Calls run side by side, so that
 * a dead Region costs one deadline and not several.
 */
export function createValidateTarget(context: Context): (input: StepInput) => Promise<GateOutput> {
  return async (input) => {
    const journal = await journalFor('validate-target', context, input);
    const { result, detail } = await lookAtTarget(context, input, journal.record);
    const skipped = input.operation.mode === 'emergency' && !result.passed;
    const passed = result.passed || skipped;
    await journal.add(passed ? 'done' : 'refused', {
      ...detail,
      reasons: result.reasons,
      notes: result.notes,
      ...(skipped ? { skippedGates: result.reasons } : {}),
    });
    return { passed, reasons: result.reasons };
  };
}

async function lookAtTarget(
  context: Context,
  { operation }: StepInput,
  record: OperationRecord,
): Promise<{ result: GateResult; detail: Readonly<Record<string, unknown>> }> {
  const { config, ports } = context;
  const nowEpochMs = ports.clock.nowEpochMs();
  const [{ reports }, lag, mismatches] = await Promise.all([
    ports.coordination.readSituation(),
    measureLag(context, operation.target),
    readContract(context, operation.target),
  ]);
  const source = assess(config, { subject: operation.source, reports, nowEpochMs });
  const load = source.metrics['requests-per-second']?.value;
  const capacity = findRegion(config, operation.target)?.capacityRequestsPerSecond;
  const accepted = record.request.acceptDataLossSeconds;
  const result = judgeTarget(config, {
    assessment: assess(config, { subject: operation.target, reports, nowEpochMs }),
    ...(lag === undefined
      ? {}
      : { lag: { seconds: lag.seconds, ageSeconds: (nowEpochMs - lag.measuredAtEpochMs) / 1000 } }),
    lagMatters: config.data.adapter !== 'none',
    contractMismatches: mismatches,
    ...(load === undefined ? {} : { loadRequestsPerSecond: load }),
    ...(capacity === undefined ? {} : { capacityRequestsPerSecond: capacity }),
    ...(accepted === undefined ? {} : { acceptedLossSeconds: accepted }),
  });
  const lagDetail = lag === undefined ? {} : { lagSeconds: lag.seconds, lagMeasuredAtEpochMs: lag.measuredAtEpochMs };
  return {
    result,
    detail: {
      ...lagDetail,
      ...describeLoad(source),
      ...(accepted === undefined ? {} : { acceptedLossSeconds: accepted }),
    },
  };
}

function describeLoad({ metrics }: Assessment): Readonly<Record<string, unknown>> {
  const load = metrics['requests-per-second'];
  return load === undefined ? {} : { loadRequestsPerSecond: load.value, loadMeasuredAtEpochMs: load.atEpochMs };
}

/** A measurement that cannot be had is none; the gate says what that means. */
async function measureLag({ config, ports }: Context, target: string): Promise<LagReading | undefined> {
  if (config.data.adapter === 'none') return undefined;
  return ports.dataTier.replicationLag(target).catch(() => undefined);
}

async function readContract({ config, ports }: Context, target: string): Promise<readonly string[]> {
  const region = findRegion(config, target);
  if (region === undefined || Object.keys(config.contract.expected).length === 0) return [];
  const answer = await ports.http.get(endpointUrl(region.endpoint, config.contract.path), {
    timeoutMs: CONTRACT_TIMEOUT_MS,
  });
  return answer.answered ? contractMismatches(config.contract.expected, answer.body) : [`no answer: ${answer.reason}`];
}
