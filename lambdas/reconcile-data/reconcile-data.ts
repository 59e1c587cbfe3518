import { isReplicated } from '../../core/config/data-tier.ts';
import type { Journal } from '../../core/operation/journal.ts';
import type { LookingContext } from '../../core/ports.ts';
import type { GateOutput, ReconcileDataOutput, StepInput } from '../../state-machines/contracts.ts';
import { assertCurrentServes } from '../assert-current-serves.ts';
import { lookAtCopy } from '../look-at-copy.ts';
import { journalFor } from '../step-journal.ts';
import { compareData } from './compare-data.ts';

type Context = LookingContext<'coordination' | 'clock' | 'machines' | 'plans' | 'telemetry'>;

/**
 * Judges whether the data of both Regions agree enough to go back: the replication lag into the original Region, and
 * where the config says what to compare, the data themselves. An emergency goes without the comparison, on record; so does
 * a config that names none, with the policies by which the data store settles conflicts where every Region writes.
 *
 * @throws {OperationError} `CurrentRegionFailedError` where the Region that serves fails meanwhile.
 */
export function createReconcileData(context: Context): (input: StepInput) => Promise<ReconcileDataOutput> {
  const { config } = context;
  return async (input) => {
    const journal = await journalFor('reconcile-data', context, input);
    const reasons = await judgeData(context, input.operation);
    if (reasons.length > 0) return close(journal, { passed: false, reasons }, comparisonOf(config));
    const { reconcile } = config;
    if (reconcile === undefined) return close(journal, OPEN, comparisonOf(config));
    if (input.operation.mode === 'emergency') return close(journal, OPEN, { skippedGates: ['data reconciliation'] });
    await assertCurrentServes(context, journal);
    return compareData(context, journal, reconcile.deadlineMinutes);
  };
}

const OPEN: GateOutput = { passed: true, reasons: [] };

async function close(
  journal: Journal,
  { passed, reasons }: GateOutput,
  detail: Readonly<Record<string, unknown>>,
): Promise<ReconcileDataOutput> {
  if (passed) await journal.add('skippedGates' in detail ? 'skipped' : 'done', detail);
  else await journal.add('refused', { reasons, ...detail });
  return { done: true, waitSeconds: 0, passed, reasons };
}

/** What is said of the comparison where there is none. */
function comparisonOf({ conflicts, reconcile }: Context['config']): Readonly<Record<string, unknown>> {
  if (reconcile !== undefined) return { comparison: 'not begun' };
  return {
    comparison: 'skipped',
    why: 'no reconciliation is configured',
    ...(conflicts === undefined ? {} : { leftToTheDataStore: conflicts }),
  };
}

async function judgeData(
  context: Context,
  { source: current, target: original }: StepInput['operation'],
): Promise<readonly string[]> {
  if (!isReplicated(context.config.data)) return [];
  const [obstacles, { problem }] = await Promise.all([
    context.ports.dataTier.obstacles(original),
    lookAtCopy(context, { into: original, from: current }),
  ]);
  return [...obstacles, ...(problem === undefined ? [] : [problem])];
}
