import { isPromoted } from '../../core/config/data-tier.ts';
import { promotionMayStillCome } from '../../core/operation/accepted-promotion.ts';
import type { ErrorName } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { type Compensated, hasUndone, NOTHING_TO_DO } from '../../core/operation/operation-record.ts';
import { partingBefore, withParting } from '../../core/operation/parting.ts';
import { closeOperation, restoreTraffic, restoreTtl, returnWriter } from '../../core/operation/transitions.ts';
import type { LookingContext } from '../../core/ports.ts';
import { writeStateWeights } from '../../core/routing/write-weights.ts';
import {
  type CaughtError,
  type CompensationOutput,
  causeText,
  type StepInput,
} from '../../state-machines/contracts.ts';
import { publishEnd } from '../publish-end.ts';
import { admitRegion } from '../region-switch.ts';
import { hasEnded, journalFor } from '../step-journal.ts';

/** Planned work that its source's own failure ended must not keep the failover waiting. */
const CURRENT_REGION_FAILED: ErrorName = 'CurrentRegionFailedError';

type Context = LookingContext<'coordination' | 'clock' | 'evacuation' | 'records' | 'telemetry'>;

/** Input of the roll back: the error that asked for it. */
export interface RollBackInput extends StepInput {
  readonly error: CaughtError;
}

/**
 * Puts back what the operation changed, in reverse: switch, records and weights, fence, TTL. Every compensation is recorded,
 * also where there was nothing to do. Once the data tier has accepted a promotion nothing is put back: the machine goes
 * forward or holds.
 */
export function createRollBack(context: Context): (input: RollBackInput) => Promise<CompensationOutput> {
  return async (input) => {
    if (await hasEnded(context, input)) return { compensated: true, reason: causeText(input.error) };
    const journal = await journalFor('roll-back', context, input);
    const accepted = await promotionAccepted(context, journal);
    if (accepted !== undefined) {
      await journal.add('refused', { reason: accepted });
      return { compensated: false, reason: accepted };
    }
    for (const { what, run } of COMPENSATIONS) {
      await journal.add('compensated', { what, did: await run(context, journal) });
    }
    const reason = causeText(input.error);
    await close(context, journal, { reason, coolDown: input.error.Error !== CURRENT_REGION_FAILED });
    return { compensated: true, reason };
  };
}

/** Says what it did. It looks at the state and not at the log, so that it may run again. */
interface Compensation {
  readonly what: Compensated;
  readonly run: (context: Context, journal: Journal) => Promise<string>;
}

const COMPENSATIONS: readonly Compensation[] = [
  { what: 'switch', run: restoreSwitch },
  { what: 'records', run: restoreRecords },
  { what: 'fence', run: restoreWriter },
  { what: 'ttl', run: restoreRecordTtl },
];

/** The reason why it is too late or not known not to be, undefined where it is not. */
async function promotionAccepted({ config, ports }: Context, journal: Journal): Promise<string | undefined> {
  const { request, before } = journal.record;
  const { target } = request;
  const granted = (await journal.readState()).writerRegion;
  if (granted === target && before.writerRegion !== target) return `${target} has been given the right to commit`;
  if (!isPromoted(config.data)) return undefined;
  const { writerRegion, movingTo } = await ports.dataTier.status();
  if (writerRegion === null && movingTo === null) return 'the data tier does not say who writes';
  if (writerRegion === target && before.writerRegion !== target) return `${target} has become the writer`;
  if (movingTo === target) return `the data tier is moving the writer to ${target}`;
  return promotionMayStillCome(config, journal.record, ports.clock.nowEpochMs());
}

async function restoreSwitch(context: Context, journal: Journal): Promise<string> {
  const { before } = journal.record;
  const { evacuated, heldOut } = await journal.readState();
  const out = [...before.evacuated, ...before.heldOut];
  const regions = [...evacuated, ...heldOut].filter((region) => !out.includes(region));
  if (regions.length === 0) return NOTHING_TO_DO;
  const admitted = await Promise.all(
    regions.map(async (region) => {
      const guardians = await admitRegion(context, journal, { region });
      return `${region} is let in again by ${guardians.map(({ guardian }) => guardian).join(' and ')}`;
    }),
  );
  return admitted.join('; ');
}

/** Weights go back in the state first; the reconciler finishes the records where Route 53 takes no changes now. */
async function restoreRecords({ config, ports }: Context, journal: Journal): Promise<string> {
  const { before } = journal.record;
  if ((await journal.readState()).activeRegion === before.activeRegion) return NOTHING_TO_DO;
  const state = await journal.change(restoreTraffic(journal.holder, before));
  const written = await writeStateWeights(config, ports, state).catch(() => undefined);
  return written === undefined ? 'weights restored; the records follow' : 'weights and records restored';
}

async function restoreWriter(context: Context, journal: Journal): Promise<string> {
  const { record, holder } = journal;
  const { writerRegion } = await journal.readState();
  if (writerRegion !== null) return NOTHING_TO_DO;
  const former = record.before.writerRegion ?? (await writerOfDataTier(context)) ?? record.before.activeRegion;
  await journal.change(withParting(returnWriter(holder, former), partingBefore(record.before)));
  return `${former} may write again, under epoch ${holder.epoch}`;
}

/** Who writes by the data tier, which {@link promotionAccepted} has asked before; undefined where nothing is promoted. */
async function writerOfDataTier({ config, ports }: Context): Promise<string | undefined> {
  return isPromoted(config.data) ? ((await ports.dataTier.status()).writerRegion ?? undefined) : undefined;
}

/** The reconciler finishes it where Route 53 takes no changes now. */
async function restoreRecordTtl({ config, ports }: Context, journal: Journal): Promise<string> {
  if ((await journal.readState()).loweredTtlSeconds === null) return NOTHING_TO_DO;
  const state = await journal.change(restoreTtl(journal.holder));
  const written = await writeStateWeights(config, ports, state).catch(() => undefined);
  return `the TTL is ${config.ttlSeconds} s again${written === undefined ? '; the records follow' : ''}`;
}

/** FAILED where something had been changed, however little; ABORTED where nothing was. The record says what. */
async function close(
  context: Context,
  journal: Journal,
  { reason, coolDown }: { reason: string; coolDown: boolean },
): Promise<void> {
  const { ports } = context;
  const nowEpochMs = ports.clock.nowEpochMs();
  if (journal.find('done') === undefined) {
    await journal.add('done', { reason });
    publishEnd(context, journal.record);
  }
  const changed = journal.record.events.some(hasUndone);
  await ports.coordination.setStatus(journal.holder.operationId, changed ? 'FAILED' : 'ABORTED', nowEpochMs);
  const { phase } = journal.record.before;
  await ports.coordination.transition(closeOperation(journal.holder, { phase, nowEpochMs, coolDown }));
}
