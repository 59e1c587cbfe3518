import { inParallel } from '../../core/in-parallel.ts';
import type { ItemResult } from '../../core/parity/items.ts';
import { blobsItem, parityItems } from '../../core/parity/items.ts';
import { concludeParity, recordedItem } from '../../core/parity/judge-parity.ts';
import type { ParityRecord } from '../../core/parity/parity-record.ts';
import type { StepContext } from '../../core/ports.ts';
import type { GateOutput, StepInput } from '../../state-machines/contracts.ts';
import { compareAnswers, compareManifest, type Manifest, type ManifestRun } from '../look-at-parity.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'http' | 'blobs'>;

/** Listings are read for so long, ms, of the 60 s that the step has; the last page may take a call's time and its retry. */
const LISTING_MS = 35_000;

/** Listings are long: one after another, so that memory holds the pages of one manifest. */
const AT_ONCE = 1;

/**
 * Judges whether the original Region holds what the current one does, by asking both afresh: nothing is urgent here, and
 * both are alive. Listings that are too long for the step are judged by the newest scheduled comparison. Emergency mode
 * reads no listings, and its record lists what stands in the way under `skippedGates`.
 */
export function createCheckParity(context: Context): (input: StepInput) => Promise<GateOutput> {
  const { config } = context;
  return async (input) => {
    const journal = await journalFor('check-parity', context, input);
    if (parityItems(config).length === 0) {
      await journal.add('skipped', { reason: 'the config names nothing that has to be the same in both Regions' });
      return { passed: true, reasons: [] };
    }
    const isEmergency = input.operation.mode === 'emergency';
    const { reasons, notes, items } = concludeParity(config, await compareAfresh(context, input, isEmergency));
    const detail = { parity: items, reasons, notes };
    if (reasons.length === 0) {
      await journal.add('done', detail);
      return { passed: true, reasons: [] };
    }
    if (isEmergency) await journal.add('skipped', { ...detail, skippedGates: reasons });
    else await journal.add('refused', detail);
    return { passed: isEmergency, reasons };
  };
}

async function compareAfresh(
  context: Context,
  { operation: { source, target } }: StepInput,
  isEmergency: boolean,
): Promise<readonly ItemResult[]> {
  const { config, ports } = context;
  const untilEpochMs = ports.clock.nowEpochMs() + (isEmergency ? 0 : LISTING_MS);
  const sight = { pair: { source, target }, record: await newestRecord(context, target), untilEpochMs };
  const [{ items }, manifests] = await Promise.all([
    compareAnswers(context, sight.pair),
    inParallel(config.parity.blobs, AT_ONCE, (manifest) => judgeManifest(context, manifest, sight)),
  ]);
  const found = [...items, ...manifests];
  return parityItems(config).flatMap((item) => found.filter((result) => result.item === item));
}

/** The newest scheduled comparison of a Region; undefined where none is on record, or none is asked for. */
async function newestRecord({ config, ports }: Context, region: string): Promise<ParityRecord | undefined> {
  if (config.parity.blobs.length === 0) return undefined;
  const { parity } = await ports.coordination.readSituation();
  return parity.find(({ target }) => target === region);
}

/** Afresh where there is time for it, and else by what the schedule has found. */
async function judgeManifest(
  context: Context,
  manifest: Manifest,
  sight: Omit<ManifestRun, 'pass'>,
): Promise<ItemResult> {
  const { config, ports } = context;
  const { result } = await compareManifest(context, manifest, { ...sight, pass: undefined });
  if (result !== undefined) return result;
  return recordedItem(config, blobsItem(manifest.name), {
    ...sight.pair,
    record: sight.record,
    sourceHeardUntilEpochMs: ports.clock.nowEpochMs(),
    nowEpochMs: ports.clock.nowEpochMs(),
  });
}
