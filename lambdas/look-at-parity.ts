import { findRegion } from '../core/config/accessors.ts';
import { endpointUrl } from '../core/config/endpoint.ts';
import { PARITY_REVISIONS } from '../core/config/parity-limits.ts';
import { textFor } from '../core/config/regional.ts';
import type { ResolvedConfig } from '../core/config/types.ts';
import { parseContractHealth } from '../core/health/contract.ts';
import { compareDocuments, type DocumentSight } from '../core/parity/compare-documents.ts';
import { continuePass } from '../core/parity/compare-manifests.ts';
import { judgeGoldProbes, LONGEST_VECTOR_BYTES, questionPath } from '../core/parity/gold-probes.ts';
import { blobsItem, type ItemResult } from '../core/parity/items.ts';
import { type AloneObject, type ManifestPass, newPass } from '../core/parity/manifest.ts';
import type { ParityRecord } from '../core/parity/parity-record.ts';
import type { HttpAnswer, StepContext } from '../core/ports.ts';

type Context = StepContext<'clock' | 'http' | 'blobs'>;

/** The Region that serves, and the one that is compared with it. */
export interface RegionPair {
  readonly source: string;
  readonly target: string;
}

/** A Region that does not tell its revisions within this has not told them, ms. */
const DOCUMENT_TIMEOUT_MS = 2_000;

/** Reads a Region's contract health document. Never rejects. */
export async function readContractDocument(
  { config, ports }: StepContext<'http'>,
  region: string,
): Promise<DocumentSight> {
  const endpoint = findRegion(config, region)?.endpoint;
  if (endpoint === undefined) return { region, missing: 'it is no Region of the config' };
  const answer = await ports.http.get(endpointUrl(endpoint, config.contract.path), { timeoutMs: DOCUMENT_TIMEOUT_MS });
  if (!answer.answered) return { region, missing: `no answer: ${answer.reason}` };
  const document = parseContractHealth(answer.body);
  return document === undefined
    ? { region, missing: 'the contract health document cannot be read' }
    : { region, document };
}

/** What answers give at once: documents and gold probes. */
export interface AnswersSight {
  readonly items: readonly ItemResult[];
  /** The revisions of the source; undefined where it does not tell them. */
  readonly sourceRevisions: ParityRecord['sourceRevisions'] | undefined;
}

/** Asks both Regions for all that they answer at once, side by side. Never rejects: no answer is unknown. */
export async function compareAnswers(context: Context, { source, target }: RegionPair): Promise<AnswersSight> {
  const { config, ports } = context;
  const [left, right, gold] = await Promise.all([
    readContractDocument(context, source),
    readContractDocument(context, target),
    askGoldProbes(context, { source, target }),
  ]);
  const documents = compareDocuments(config, { source: left, target: right }, ports.clock.nowEpochMs());
  return { items: [...documents, ...gold], sourceRevisions: 'document' in left ? revisionsIn(left) : undefined };
}

function revisionsIn({ document }: Extract<DocumentSight, { document: unknown }>): ParityRecord['sourceRevisions'] {
  return Object.fromEntries(
    PARITY_REVISIONS.flatMap((revision) => {
      const value = document[revision];
      return value === undefined ? [] : [[revision, value] as const];
    }),
  );
}

/** Every question to both Regions, all side by side: they are few. */
async function askGoldProbes(context: Context, { source, target }: RegionPair): Promise<readonly ItemResult[]> {
  const { config, ports } = context;
  const { goldProbes } = config.parity;
  if (goldProbes === undefined) return [];
  const questions = Array.from({ length: goldProbes.questions }, (_, index) => index + 1);
  const answers = await Promise.all(
    questions.map(async (question) => {
      const [left, right] = await Promise.all([source, target].map((region) => ask(context, region, question)));
      const none: HttpAnswer = { answered: false, reason: 'not asked' };
      return {
        question,
        source: { region: source, answer: left ?? none },
        target: { region: target, answer: right ?? none },
      };
    }),
  );
  return [judgeGoldProbes(config, answers, ports.clock.nowEpochMs())];
}

async function ask({ config, ports }: Context, region: string, question: number): Promise<HttpAnswer> {
  const endpoint = findRegion(config, region)?.endpoint;
  const { goldProbes } = config.parity;
  if (endpoint === undefined || goldProbes === undefined) return { answered: false, reason: 'it has no front door' };
  return ports.http.get(endpointUrl(endpoint, questionPath(goldProbes.path, question)), {
    timeoutMs: goldProbes.timeoutSeconds * 1000,
    longestBodyBytes: LONGEST_VECTOR_BYTES,
  });
}

/** A manifest of the config. */
export type Manifest = ResolvedConfig['parity']['blobs'][number];

/** What has come of a manifest: a result, or a pass that another run goes on with. */
export interface ManifestSight {
  readonly result?: ItemResult;
  readonly unfinished?: ManifestPass;
  /** What is in the target alone; undefined where the listings did not end. */
  readonly alone?: readonly AloneObject[];
}

/** How a manifest is compared. */
export interface ManifestRun {
  readonly pair: RegionPair;
  /** What it goes on from. */
  readonly pass: ManifestPass | undefined;
  /** What was known of the target before: from it comes since when objects are in the target alone. */
  readonly record: ParityRecord | undefined;
  readonly untilEpochMs: number;
}

/**
 * Compares the listings of a manifest until they end or the time does. A bucket that does not answer makes it unknown, and
 * what has been compared so far is kept.
 */
export async function compareManifest(
  { ports }: Context,
  manifest: Manifest,
  { pair, pass, record, untilEpochMs }: ManifestRun,
): Promise<ManifestSight> {
  const { clock, blobs } = ports;
  let current = pass ?? newPass(clock.nowEpochMs());
  const place = (region: string) => ({
    region,
    bucket: textFor(manifest.bucket, region),
    prefix: manifest.prefix,
  });
  try {
    current = await continuePass(current, {
      source: (after) => blobs.list(place(pair.source), after),
      target: (after) => blobs.list(place(pair.target), after),
      rules: { ...manifest, aloneBefore: (record?.source === pair.source && record.alone?.[manifest.name]) || [] },
      mayGoOn: () => clock.nowEpochMs() < untilEpochMs,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const result = unknownManifest(manifest, reason, current.beganAtEpochMs);
    return current.compared === 0 ? { result } : { result, unfinished: current };
  }
  if (!current.isDone) return { unfinished: current };
  return { result: resultOf(manifest, current), alone: current.alone ?? [] };
}

/** A manifest of which nothing is known, and why. */
export function unknownManifest({ name }: Manifest, reason: string, comparedAtEpochMs: number): ItemResult {
  return { item: blobsItem(name), verdict: 'unknown', reasons: [reason], comparedAtEpochMs };
}

/** Where not one object could be judged nothing is known: a wrong prefix is as empty in either Region as an emptied bucket. */
function resultOf(manifest: Manifest, pass: ManifestPass): ItemResult {
  const { name, prefix } = manifest;
  const { differing, named, compared, settling, beganAtEpochMs } = pass;
  if (compared === 0) {
    return unknownManifest(manifest, `no key begins with ${JSON.stringify(prefix)} in either bucket`, beganAtEpochMs);
  }
  if (settling === compared) {
    const reason = `all of ${compared} objects differ, and are too young to be judged`;
    return unknownManifest(manifest, reason, beganAtEpochMs);
  }
  const more = differing > named.length ? [`and ${differing - named.length} more of ${compared} objects`] : [];
  return {
    item: blobsItem(name),
    verdict: differing === 0 ? 'equal' : 'different',
    reasons: [...named, ...more],
    comparedAtEpochMs: beganAtEpochMs,
    notes: [
      `${compared} objects compared, ${settling} too young to be judged`,
      ...(settling > compared / 2 ? ['most objects differ, and nothing says yet that their copies arrive'] : []),
    ],
  };
}
