import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import type { AnswerShare } from '../world/dns.ts';
import { round } from '../world/load/recovery-meter.ts';
import type { World } from '../world/world.ts';
import { type JudgedExpectation, judgeExpectations } from './expectations.ts';
import { evacuatedRegions, healthyRegions } from './facts.ts';
import { judgeInvariants } from './invariants.ts';
import type { Recorder } from './recorder.ts';
import {
  chosenFailover,
  type FailbackResult,
  type FailoverResult,
  failbackResult,
  failoverResult,
  type OperationResult,
  operationResult,
  roundedAnswers,
  SCHEMA_VERSION,
  type Story,
} from './result.ts';
import type { Scenario } from './scenario.ts';

/** The one document of a rehearsal; docs/rehearsal-result.md describes every field. */
export interface RehearsalResult {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly scenario: string;
  readonly seed: number;
  readonly passed: boolean;
  readonly virtualSeconds: number;
  readonly wallSeconds: number;
  readonly failover: FailoverResult;
  readonly failback: FailbackResult;
  readonly operations: readonly OperationResult[];
  readonly answers: {
    readonly before: readonly AnswerShare[];
    readonly afterFailover: readonly AnswerShare[];
    readonly afterFailback: readonly AnswerShare[];
    readonly atEnd: readonly AnswerShare[];
  };
  readonly decisions: readonly {
    readonly atSeconds: number;
    readonly subject: string;
    readonly outcome: string;
    readonly ruleId: string;
    readonly closedGate: string | null;
    readonly reason: string;
  }[];
  readonly notifications: readonly {
    readonly atSeconds: number;
    readonly region: string;
    readonly subject: string;
    readonly text: string;
  }[];
  readonly world: WorldFacts;
  readonly expectations: readonly JudgedExpectation[];
}

/** The world as it stands at the end, and what was counted on the way. */
export interface WorldFacts {
  readonly activeRegion: string | null;
  readonly writerRegion: string | null;
  readonly phase: string | null;
  readonly evacuated: readonly string[];
  readonly healthy: readonly string[];
  readonly recordsPending: boolean;
  /** When the records last came to say what the state says. */
  readonly recordsWrittenAtSeconds: number | null;
  /** Observers whose reports have called a critical check failed. */
  readonly failedVerdictsBy: readonly string[];
  /** Epoch of the newest commit. */
  readonly lastCommitEpoch: number | null;
  readonly answersChanged: boolean;
  /** Regions that the location answered with at some moment between the failover and the failback. */
  readonly answeredMeanwhile: readonly string[];
  readonly requests: { readonly total: number; readonly failed: number; readonly lastResort: number };
  /** The zone's weighted records and its epoch record, as the API lists them. */
  readonly records: readonly {
    readonly name: string;
    readonly setIdentifier: string | null;
    readonly weight: number | null;
    readonly value: string | null;
  }[];
  readonly apiCalls: Readonly<Record<string, number>>;
}

/** New inverted checks are unhealthy until they have data; answers have settled after this, ms. */
const SETTLED_AFTER_MS = 60_000;

/** What the result is told from. */
export interface Telling {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly world: World;
  readonly recorder: Recorder;
  readonly startMs: number;
  readonly faultAtMs: number | undefined;
}

/** Tells a finished rehearsal and judges it. */
export function tellResult(telling: Telling): Omit<RehearsalResult, 'wallSeconds'> & { wallSeconds: number } {
  const { scenario, seed, world, recorder, startMs, faultAtMs } = telling;
  const records = recorder.operations();
  const story: Story = {
    recorder,
    records,
    startMs,
    faultAtMs,
    recovery: recorder.recovery(),
    rpoSeconds: rpoOf(telling),
    lastRuleId: recorder.decisions.at(-1)?.ruleId ?? null,
  };
  const seconds = (ms: number): number => round((ms - startMs) / 1000);
  const document = {
    schemaVersion: SCHEMA_VERSION,
    scenario: scenario.name,
    seed,
    virtualSeconds: seconds(world.clock.nowEpochMs()),
    wallSeconds: 0,
    failover: failoverResult(story),
    failback: failbackResult(story),
    operations: records.map((record) => operationResult(record, story)),
    answers: answersOf(telling),
    decisions: recorder.decisions.map(({ decidedAtEpochMs, subject, outcome, ruleId, closedGate, reason }) => ({
      atSeconds: seconds(decidedAtEpochMs),
      subject,
      outcome,
      ruleId,
      closedGate,
      reason,
    })),
    notifications: recorder.notifications.map(({ atMs, region, subject, body }) => ({
      atSeconds: seconds(atMs),
      region,
      subject,
      text: String((JSON.parse(body) as { text?: unknown }).text ?? ''),
    })),
    world: factsOf(telling),
  } as const;
  const expectations = [
    ...judgeExpectations(scenario.expectations, document),
    ...judgeInvariants({ config: world.config, recorder, records }),
  ];
  const { schemaVersion, ...rest } = document;
  return { schemaVersion, passed: expectations.every(({ held }) => held), ...rest, expectations };
}

/** Nothing was lost where nothing was promoted; what no data tier can lose is not measured. */
function rpoOf({ world, recorder }: Telling): number | null {
  const promoted = chosenFailover(recorder.operations())?.events.some(
    ({ step, outcome }) => step === 'check-promotion' && outcome === 'done',
  );
  if (world.database === undefined || promoted !== true) return null;
  return round(Math.max(0, ...world.database.losses().map(({ seconds }) => seconds)));
}

function answersOf({ recorder, startMs, faultAtMs, world }: Telling): RehearsalResult['answers'] {
  const records = recorder.operations();
  const end = world.clock.nowEpochMs();
  const afterEndOf = (kind: 'failover' | 'failback'): readonly AnswerShare[] => {
    const record = kind === 'failover' ? chosenFailover(records) : records.find((candidate) => candidate.kind === kind);
    return record === undefined ? [] : roundedAnswers(recorder.answersAt(record.endedAtEpochMs ?? end));
  };
  const firstOpened = records[0]?.openedAtEpochMs ?? end;
  return {
    before: roundedAnswers(
      recorder.answersAt(Math.max(startMs + SETTLED_AFTER_MS, Math.min(faultAtMs ?? firstOpened, firstOpened) - 1)),
    ),
    afterFailover: afterEndOf('failover'),
    afterFailback: afterEndOf('failback'),
    atEnd: roundedAnswers(recorder.answersAt(Math.max(end, startMs))),
  };
}

function factsOf({ recorder, world, startMs, faultAtMs }: Telling): WorldFacts {
  const state = recorder.state();
  const from = Math.max(faultAtMs ?? 0, startMs + SETTLED_AFTER_MS);
  const writtenAt = state?.recordsWrittenAtEpochMs ?? null;
  const failback = recorder.operations().find(({ kind }) => kind === 'failback');
  const verified = chosenFailover(recorder.operations())?.events.find(
    ({ step, outcome }) => step === 'verify-answers' && outcome === 'done',
  );
  const meanwhile = recorder.answerChanges.filter(
    ({ atMs }) =>
      verified !== undefined &&
      atMs >= verified.atEpochMs &&
      atMs < (failback?.openedAtEpochMs ?? Number.POSITIVE_INFINITY),
  );
  const standing = verified === undefined ? [] : recorder.answersAt(verified.atEpochMs);
  return {
    activeRegion: state?.activeRegion ?? null,
    writerRegion: world.database?.writer() ?? null,
    phase: state?.phase ?? null,
    evacuated: evacuatedRegions(world),
    healthy: healthyRegions(world),
    recordsPending: state?.recordsPending ?? false,
    recordsWrittenAtSeconds: writtenAt === null ? null : round((writtenAt - startMs) / 1000),
    failedVerdictsBy: recorder.failedVerdictsBy(),
    lastCommitEpoch: recorder.lastCommits().toSorted((a, b) => b.atMs - a.atMs)[0]?.epoch ?? null,
    answersChanged: recorder.answerChanges.some(({ atMs }) => atMs > from),
    answeredMeanwhile: [
      ...new Set([...standing, ...meanwhile.flatMap(({ answers }) => answers)].map(({ value }) => value)),
    ],
    requests: recorder.totals(),
    records: liveRecords(world),
    apiCalls: world.aws.counts(),
  };
}

function liveRecords({ route53, config }: World): WorldFacts['records'] {
  const { output } = route53.controlPlane.call('ListResourceRecordSets', { HostedZoneId: config.hostedZoneId });
  const { ResourceRecordSets = [] } = (output ?? {}) as { ResourceRecordSets?: readonly ResourceRecordSet[] };
  return ResourceRecordSets.filter(({ Weight, Type }) => Weight !== undefined || Type === 'TXT').map(
    ({ Name, SetIdentifier, Weight, ResourceRecords }) => ({
      name: Name.replace(/\.$/, ''),
      setIdentifier: SetIdentifier ?? null,
      weight: Weight ?? null,
      value: ResourceRecords?.[0]?.Value ?? null,
    }),
  );
}
