import { isReplicated } from '../../core/config/data-tier.ts';
import type { LagReading, LookingContext } from '../../core/ports.ts';
import type { GateOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

type Context = LookingContext<'coordination' | 'clock'>;

/** The metric comes once a minute; three missed ones are no measurement. */
const LARGEST_AGE_SECONDS = 180;

/**
 * Judges whether the data of both Regions agree enough to go back. The replication lag into the original Region is
 * measured and gated; comparing the data themselves needs an adapter that cannot be configured yet, and is reported as
 * skipped, with the policies by which the data store settles conflicts where every Region writes.
 */
export function createReconcileData(context: Context): (input: StepInput) => Promise<GateOutput> {
  return async (input) => {
    const journal = await journalFor('reconcile-data', context, input);
    const reasons = await judgeData(context, input.operation);
    const { conflicts } = context.config;
    const comparison = {
      comparison: 'skipped',
      why: 'no reconciliation adapter is configured',
      ...(conflicts === undefined ? {} : { leftToTheDataStore: conflicts }),
    };
    if (reasons.length > 0) {
      await journal.add('refused', { reasons, ...comparison });
      return { passed: false, reasons };
    }
    await journal.add('done', comparison);
    return { passed: true, reasons: [] };
  };
}

async function judgeData(
  { config, ports }: Context,
  { source: current, target: original }: StepInput['operation'],
): Promise<readonly string[]> {
  if (!isReplicated(config.data)) return [];
  const [obstacles, lag] = await Promise.all([
    ports.dataTier.obstacles(original),
    ports.dataTier.replicationLag(original, current),
  ]);
  const reason = judgeLag(lag, {
    original,
    allowedSeconds: config.failback.maximumLagSeconds,
    nowEpochMs: ports.clock.nowEpochMs(),
  });
  return [...obstacles, ...(reason === undefined ? [] : [reason])];
}

function judgeLag(
  lag: LagReading | undefined,
  {
    original,
    allowedSeconds,
    nowEpochMs,
  }: { readonly original: string; readonly allowedSeconds: number; readonly nowEpochMs: number },
): string | undefined {
  if (lag === undefined) return `replication lag into ${original} is not measured; replication may not be running`;
  const ageSeconds = Math.round((nowEpochMs - lag.measuredAtEpochMs) / 1000);
  if (ageSeconds > LARGEST_AGE_SECONDS) return `replication lag into ${original} was last measured ${ageSeconds} s ago`;
  if (lag.seconds <= allowedSeconds) return undefined;
  return `replication lag into ${original} is ${lag.seconds.toFixed(1)} s, ${allowedSeconds} s are allowed`;
}
