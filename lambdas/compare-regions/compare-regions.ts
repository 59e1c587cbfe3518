import { PARITY_DIFFERENCES } from '../../core/counters.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import { needsComparison, parityItems } from '../../core/parity/items.ts';
import { recordedReasons } from '../../core/parity/judge-parity.ts';
import type { ManifestPass } from '../../core/parity/manifest.ts';
import { isComparisonDue, type ParityRecord, withComparison } from '../../core/parity/parity-record.ts';
import type { StepContext } from '../../core/ports.ts';
import { compareAnswers, compareManifest, type ManifestSight, type RegionPair } from '../look-at-parity.ts';

type Context = StepContext<'coordination' | 'clock' | 'http' | 'blobs' | 'telemetry'>;

/** What the comparison found to do. */
export interface ComparedRegions {
  readonly compared: 'everything' | 'went-on' | 'not-due' | 'not-mine';
}

/** Listings are read for so long in one run, ms: of its 50 s they leave 15 to those that are slow to answer. */
const LISTING_MS = 35_000;

/**
 * Compares this Region with the one that serves, while both can be asked: at a failover the source may be dark. The Region
 * that serves during a failback is compared too, once the data writer has left it: it is the next one's target. Runs
 * once a minute in every application Region; it compares every few minutes and meanwhile goes on with listings that are too
 * long for one run.
 */
export function createCompareRegions(context: Context): () => Promise<ComparedRegions> {
  const { config, ports, region: target } = context;
  return async () => {
    const { state, parity } = await ports.coordination.readSituation();
    const source = servingFor(state, target);
    if (source === target || !needsComparison(config)) return { compared: 'not-mine' };
    const before = parity.find((record) => record.target === target);
    const { everyMinutes } = config.parity;
    const nowEpochMs = ports.clock.nowEpochMs();
    const isDue = isComparisonDue(before, { source, everyMinutes, nowEpochMs });
    const passes = before?.source === source ? before.passes : {};
    const pair = { source, target };
    if (!isDue && Object.keys(passes).length === 0) {
      publish(context, pair, before);
      return { compared: 'not-due' };
    }
    const beganAtEpochMs = isDue ? nowEpochMs : (before?.triedAtEpochMs ?? nowEpochMs);
    const after = await compare(context, { pair, isDue, passes, beganAtEpochMs, before });
    await ports.coordination.keepParity(after);
    publish(context, pair, after);
    return { compared: isDue ? 'everything' : 'went-on' };
  };
}

/** The Region that a failover to this one would leave. */
function servingFor({ activeRegion, writerRegion, phase }: ApplicationState, target: string): string {
  return activeRegion === target && phase === 'FAILING_BACK' ? (writerRegion ?? activeRegion) : activeRegion;
}

/** Says in every minute how many reasons there are, so that an alarm can tell a difference that lasts. */
function publish({ config, ports }: Context, pair: RegionPair, record: ParityRecord | undefined): void {
  const reasons = recordedReasons(config, { ...pair, record, nowEpochMs: ports.clock.nowEpochMs() });
  ports.telemetry.measure({ region: pair.target, values: { [PARITY_DIFFERENCES]: reasons.length } });
  if (reasons.length > 0) ports.telemetry.log('regions differ', { ...pair, reasons });
}

interface Run {
  readonly pair: RegionPair;
  /** Whether everything is compared, or only listings gone on with. */
  readonly isDue: boolean;
  readonly passes: Readonly<Record<string, ManifestPass>>;
  readonly beganAtEpochMs: number;
  readonly before: ParityRecord | undefined;
}

async function compare(context: Context, run: Run): Promise<ParityRecord> {
  const { config, ports } = context;
  const untilEpochMs = ports.clock.nowEpochMs() + LISTING_MS;
  const answers = run.isDue ? await compareAnswers(context, run.pair) : undefined;
  const sights: Record<string, ManifestSight> = {};
  for (const manifest of config.parity.blobs) {
    const pass = run.passes[manifest.name];
    if (!run.isDue && pass === undefined) continue;
    const { pair, before: record } = run;
    sights[manifest.name] = await compareManifest(context, manifest, { pair, pass, record, untilEpochMs });
  }
  const seen = answers?.sourceRevisions;
  const comparison = {
    ...run.pair,
    triedAtEpochMs: run.beganAtEpochMs,
    items: [
      ...(answers?.items ?? []),
      ...Object.values(sights).flatMap(({ result }) => (result === undefined ? [] : [result])),
    ],
    passes: Object.fromEntries(
      Object.entries(sights).flatMap(([name, { unfinished }]) =>
        unfinished === undefined ? [] : [[name, unfinished] as const],
      ),
    ),
    alone: Object.fromEntries(
      Object.entries(sights).flatMap(([name, { alone }]) => (alone === undefined ? [] : [[name, alone] as const])),
    ),
    ...(seen === undefined ? {} : { sourceRevisions: seen, revisionsSeenAtEpochMs: ports.clock.nowEpochMs() }),
  };
  return withComparison(run.before, comparison, parityItems(config));
}
