import type { StepContext } from '../../core/ports.ts';
import type { GateOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'dataTier'>;

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
    const reason = await judgeLag(context, input.operation.target);
    const { conflicts } = context.config;
    const comparison = {
      comparison: 'skipped',
      why: 'no reconciliation adapter is configured',
      ...(conflicts === undefined ? {} : { leftToTheDataStore: conflicts }),
    };
    if (reason !== undefined) {
      await journal.add('refused', { reasons: [reason], ...comparison });
      return { passed: false, reasons: [reason] };
    }
    await journal.add('done', comparison);
    return { passed: true, reasons: [] };
  };
}

async function judgeLag({ config, ports }: Context, original: string): Promise<string | undefined> {
  if (config.data.adapter === 'none') return undefined;
  const lag = await ports.dataTier.replicationLag(original);
  if (lag === undefined) return `replication lag into ${original} is not measured; replication may not be running`;
  const ageSeconds = Math.round((ports.clock.nowEpochMs() - lag.measuredAtEpochMs) / 1000);
  if (ageSeconds > LARGEST_AGE_SECONDS) return `replication lag into ${original} was last measured ${ageSeconds} s ago`;
  const allowed = config.failback.maximumLagSeconds;
  if (lag.seconds <= allowed) return undefined;
  return `replication lag into ${original} is ${lag.seconds.toFixed(1)} s, ${allowed} s are allowed`;
}
