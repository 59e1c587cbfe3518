import { checksOf } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Decision } from '../../core/decision/outcome.ts';
import { createCommitSpans } from '../../twin/scenarios/commit-spans.ts';
import type { AnswerChange, EvacuationSight, Recorder } from '../../twin/scenarios/recorder.ts';
import { createShareMeter } from '../../twin/scenarios/share-meter.ts';
import { createSightMeter } from '../../twin/scenarios/sight-meter.ts';
import { createWriterMeter } from '../../twin/scenarios/writer-meter.ts';
import type { AnswerShare } from '../../twin/world/dns.ts';
import type { RequestOutcome } from '../../twin/world/load/population.ts';
import { createRecoveryMeter, type Recovery, type RecoveryMeter } from '../../twin/world/load/recovery-meter.ts';
import type { CommittedWrite } from '../../twin/world/load/service.ts';
import { type EnteredState, NOTHING_SEEN, type TableSight } from './sightings.ts';

/** Clients of the load; all of them honour the TTL. */
export const CLIENTS = 120;

/** Bakes are short here. */
const SHARE_CLASS_MS = 1_000;

/** The one place that DNS is answered at. */
const LOCATION = 'local';

/** Somebody who looks on while the story is played, and keeps what a recorder of a rehearsal would. */
export interface Witness extends Omit<Recorder, 'notifications' | 'states' | 'lastUse'> {
  sawAnswers(answers: readonly AnswerShare[], atMs: number): void;
  sawRequest(outcome: RequestOutcome): void;
  sawCommit(write: CommittedWrite): void;
  /** The coordination table as it stands; `healthy` are the Regions that could serve everything at that moment. */
  sawTable(table: TableSight, healthy: readonly string[]): void;
  sawStates(states: readonly EnteredState[]): void;
  /** Output of the CDK CLI, kept for the case that something goes wrong. */
  sawOutput(text: string): void;
  readonly table: TableSight;
  readonly states: readonly EnteredState[];
  output(): string;
  /** Clients suffer from now on. */
  faultBegan(atMs: number): void;
  /** What clients see from now on is the way back, and no longer the outage. */
  failbackBegan(): void;
}

/** A witness who has seen nothing yet. */
export function createWitness(config: ResolvedConfig): Witness {
  const answerChanges: AnswerChange[] = [];
  const decisions: Decision[] = [];
  const evacuations: EvacuationSight[] = [];
  const states: EnteredState[] = [];
  const commits = createCommitSpans();
  const failedVerdictsBy = new Set<string>();
  const shares = createShareMeter(SHARE_CLASS_MS);
  const sight = createSightMeter();
  const writers = createWriterMeter();
  const totals = { total: 0, failed: 0, failedReads: 0, lastResort: 0 };
  const failedWrites: number[] = [];
  const output: string[] = [];
  let table: TableSight = NOTHING_SEEN;
  let meter: RecoveryMeter | undefined;
  let outage: Recovery | undefined;
  return {
    answerChanges,
    decisions,
    evacuations,
    leftWithoutWriter: writers.leftWithoutWriter,
    states,
    get table() {
      return table;
    },
    sawAnswers: (answers, atMs) => void answerChanges.push({ atMs, location: LOCATION, answers }),
    sawRequest: (outcome) => {
      totals.total++;
      if (!outcome.ok) totals.failed++;
      if (!outcome.ok && outcome.write) failedWrites.push(outcome.atMs);
      if (!outcome.ok && !outcome.write) totals.failedReads++;
      shares.count(outcome.destination, outcome.atMs);
      meter?.observe(outcome);
    },
    sawCommit: commits.add,
    sawTable: (seen, healthy) => {
      const { decision, state } = seen;
      if (decision !== undefined && decision.decidedAtEpochMs !== decisions.at(-1)?.decidedAtEpochMs)
        decisions.push(decision);
      const evacuated = state?.evacuated ?? [];
      if (evacuated.join() !== (table.state?.evacuated ?? []).join()) evacuations.push({ evacuated, healthy });
      for (const report of seen.reports) {
        const { observer, checks } = report;
        sight.observe(report);
        const failed = checksOf(config).some(
          ({ name, check }) => check.class === 'critical' && checks[name]?.status === 'failed',
        );
        if (failed) failedVerdictsBy.add(observer);
      }
      if (state !== undefined) writers.observe(state);
      table = seen;
    },
    sawStates: (entered) => void states.push(...entered),
    sawOutput: (text) => void output.push(text),
    output: () => output.join(''),
    faultBegan: (atMs) => {
      const kinds = Array.from({ length: CLIENTS }, () => 'honours-ttl' as const);
      meter = createRecoveryMeter(kinds, atMs);
    },
    failbackBegan: () => {
      outage = meter?.read(Date.now());
    },
    operations: () => table.operations,
    state: () => table.state,
    recovery: () => outage ?? meter?.read(Date.now()),
    answersAt: (atMs) => answerChanges.findLast((change) => change.atMs <= atMs)?.answers ?? [],
    commits: commits.all,
    share: shares.share,
    failedVerdictsBy: () => [...failedVerdictsBy].toSorted(),
    lostFromSight: sight.all,
    route53CallsAtMs: [],
    fleet: undefined,
    queuedWrites: () => ({ tried: 0, committed: 0 }),
    totals: () => totals,
    failedWrites,
  };
}
