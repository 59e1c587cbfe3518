import type { RehearsalResult } from './result-document.ts';

/** The parts of the result that a scenario's expectations are judged on; the rest is known only after judging. */
type Judged = Pick<
  RehearsalResult,
  'failover' | 'failback' | 'operations' | 'answers' | 'decisions' | 'notifications' | 'world'
>;

/** Anything may stand there, e.g. what a step put into its event. */
const OPEN = 'open';
/** A text, a number, true, false or null: nothing lies below it. */
const LEAF = 'leaf';

type Leaf = string | number | boolean | null;
type Shape<T> = T extends Leaf
  ? typeof LEAF
  : T extends readonly (infer Entry)[]
    ? readonly [Shape<Entry>]
    : string extends keyof T
      ? typeof OPEN
      : { readonly [Key in keyof T]: Shape<T[Key]> };

const ANSWERS = [{ value: LEAF, share: LEAF }] as const;
const PERCENTILES = { p50: LEAF, p99: LEAF, max: LEAF } as const;

/** The compiler holds this to the document's type. */
const JUDGED: Shape<Judged> = {
  failover: {
    ...{ status: LEAF, source: LEAF, target: LEAF, ruleId: LEAF, epoch: LEAF, firstChangedAnswerSeconds: LEAF },
    ...{ rtoSeconds: PERCENTILES, overCaching: PERCENTILES, keptAlive: PERCENTILES, rpoSeconds: LEAF },
    phases: {
      ...{ detect: LEAF, decide: LEAF, validate: LEAF, fence: LEAF, promote: LEAF },
      ...{ scale: LEAF, shift: LEAF, answers: LEAF, traffic: LEAF },
    },
    writeInterruption: { fromSeconds: LEAF, seconds: LEAF, refused: LEAF, outside: LEAF },
    requests: { total: LEAF, failed: LEAF },
  },
  failback: {
    status: LEAF,
    durationSeconds: LEAF,
    rungs: [{ percent: LEAF, observedShare: LEAF, bakedSeconds: LEAF }],
    retreat: { atSeconds: LEAF, lastRequestAfterSeconds: LEAF },
  },
  operations: [
    {
      ...{ operationId: LEAF, kind: LEAF, status: LEAF, epoch: LEAF, source: LEAF, target: LEAF, mode: LEAF },
      ...{ reason: LEAF, requestedBy: LEAF, openedAtSeconds: LEAF, endedAtSeconds: LEAF },
      states: [{ atSeconds: LEAF, state: LEAF }],
      events: [{ atSeconds: LEAF, step: LEAF, outcome: LEAF, detail: OPEN }],
    },
  ],
  answers: { before: ANSWERS, afterFailover: ANSWERS, afterFailback: ANSWERS, atEnd: ANSWERS },
  decisions: [{ atSeconds: LEAF, subject: LEAF, outcome: LEAF, ruleId: LEAF, closedGate: LEAF, reason: LEAF }],
  notifications: [{ atSeconds: LEAF, region: LEAF, channel: LEAF, subject: LEAF, text: LEAF }],
  world: {
    ...{ activeRegion: LEAF, writerRegion: LEAF, phase: LEAF, evacuated: [LEAF], healthy: [LEAF] },
    ...{ recordsPending: LEAF, recordsWrittenAtSeconds: LEAF, failedVerdictsBy: [LEAF], lastCommitEpoch: LEAF },
    ...{ lostFromSight: [{ region: LEAF, check: LEAF, times: LEAF }], coordinationMembers: [LEAF] },
    ...{ answersChanged: LEAF, answeredMeanwhile: [LEAF], apiCalls: OPEN },
    queuedWrites: { tried: LEAF, committed: LEAF },
    lateCalls: [{ service: LEAF, operation: LEAF, atSeconds: LEAF, outcome: LEAF }],
    commits: [{ region: LEAF, epoch: LEAF, firstAtSeconds: LEAF, lastAtSeconds: LEAF }],
    requests: { total: LEAF, failed: LEAF, failedReads: LEAF, lastResort: LEAF },
    data: {
      entities: [{ name: LEAF, differing: LEAF, written: LEAF, writtenAgain: LEAF, audited: LEAF }],
      machines: LEAF,
    },
    fleet: {
      ...{ applications: LEAF, status: LEAF, ends: OPEN, fenced: LEAF, fencedBeforeFlip: LEAF },
      ...{ lastFencedAtSeconds: LEAF, switchWrites: LEAF, ownSwitchWrites: LEAF, flippedAtSeconds: LEAF },
      ...{ moved: LEAF, allMovedAtSeconds: LEAF, switchSeconds: LEAF, recordsWritten: LEAF },
      ...{ recordsWrittenAtSeconds: LEAF, mostRoute53CallsInAMinute: LEAF },
    },
    records: [{ name: LEAF, setIdentifier: LEAF, weight: LEAF, value: LEAF }],
  },
};

/** `a.b[0].c` as its keys; an index has its brackets. */
export function splitPath(path: string): readonly string[] {
  return path.split(/\.|(?=\[)/);
}

/** Why a path leads nowhere in the document, whatever happens; undefined where it may lead somewhere. */
export function pathFault(path: string): string | undefined {
  let shape: unknown = JUDGED;
  for (const key of splitPath(path)) {
    if (shape === OPEN) return undefined;
    if (shape === LEAF)
      return `leads nowhere: nothing lies below "${path.slice(0, path.lastIndexOf(key)).replace(/\.$/, '')}"`;
    if (Array.isArray(shape)) {
      if (key === 'length') shape = LEAF;
      else if (/^\[-?\d+\]$/.test(key)) shape = shape[0];
      else return `leads nowhere: "${key}" is no entry of a list; allowed: [0], [1], …, [-1], .length`;
    } else {
      const fields = shape as Readonly<Record<string, unknown>>;
      if (!Object.hasOwn(fields, key)) return `leads nowhere: "${key}" is none of ${Object.keys(fields).join(', ')}`;
      shape = fields[key];
    }
  }
  return undefined;
}
