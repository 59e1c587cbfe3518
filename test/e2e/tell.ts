import { lastCommitEpoch } from '../../twin/scenarios/commit-spans.ts';
import type { Fault } from '../../twin/scenarios/fault-schema.ts';
import { judgeInvariants } from '../../twin/scenarios/invariants.ts';
import type { Recorder } from '../../twin/scenarios/recorder.ts';
import { type JudgedExpectation, type RehearsalResult, SCHEMA_VERSION } from '../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { type OperationStory, secondsInto, toSeconds } from '../../twin/scenarios/story.ts';
import { tellFailback } from '../../twin/scenarios/tell-failback.ts';
import { tellFailover } from '../../twin/scenarios/tell-failover.ts';
import { tellOperation } from '../../twin/scenarios/tell-operation.ts';
import { tellDecisions } from '../../twin/scenarios/tell-result.ts';
import { answeredMeanwhile, tellCommits, tellRecords } from '../../twin/scenarios/tell-world.ts';
import type { AnswerShare } from '../../twin/world/dns.ts';
import { round } from '../../twin/world/load/recovery-meter.ts';
import { HOME, STANDBY } from './example.ts';
import { judge } from './expectations.ts';
import type { Stage } from './stage.ts';
import type { Played } from './story.ts';

/** Name of the scenario in the document, and what it is about. */
const SCENARIO = {
  name: 'e2e',
  about: `Deployed on the emulator: ${HOME} goes dark, ${STANDBY} takes over, a later deployment moves nothing, ${HOME} comes back by rungs.`,
} as const;

/** What happened to it, as a scenario of a rehearsal would have it. */
export function scenarioOf({ startMs, faultAtMs }: Played): Scenario {
  const fault = { atSeconds: toSeconds(faultAtMs - startMs), kind: 'region-dark', region: HOME };
  return { ...SCENARIO, faults: [fault as Fault], actions: [], expectations: [], untilSeconds: 0 } as Scenario;
}

/** Tells what was played as a rehearsal tells it, times in wall seconds (docs/rehearsal-result.md). */
export function tell(stage: Stage, played: Played): RehearsalResult {
  const { witness, inbox, config } = stage;
  const { startMs, faultAtMs, failover, failback, wallMs } = played;
  const story: OperationStory = { recorder: witness, startMs, faultAtMs };
  const notifications = inbox.messages.map(({ atMs, region, subject, text }) => ({
    atSeconds: secondsInto(story, atMs),
    region,
    channel: 'sns',
    subject,
    text,
  }));
  const operations = witness.operations();
  const recorder: Recorder = { ...witness, notifications: [], lastUse: () => null };
  const expectations: readonly JudgedExpectation[] = [
    ...judge(stage, played),
    ...judgeInvariants({ config, recorder, records: operations }),
  ];
  const at = (epochMs: number): readonly AnswerShare[] =>
    witness.answersAt(epochMs).map(({ value, share }) => ({ value, share: round(share) }));
  const endMs = startMs + wallMs;
  const wallSeconds = toSeconds(wallMs);
  return {
    schemaVersion: SCHEMA_VERSION,
    scenario: SCENARIO.name,
    seed: 1,
    passed: expectations.every(({ held }) => held),
    virtualSeconds: wallSeconds,
    wallSeconds,
    failover: tellFailover(story),
    failback: tellFailback(story),
    operations: operations.map((record) => tellOperation(record, story)),
    answers: {
      before: at(faultAtMs),
      afterFailover: at(failover.endedAtEpochMs ?? endMs),
      afterFailback: at(failback.endedAtEpochMs ?? endMs),
      atEnd: at(failback.endedAtEpochMs ?? endMs),
    },
    decisions: tellDecisions(story),
    notifications,
    world: tellWorld(stage, { played, story }),
    expectations,
  };
}

function tellWorld(
  { witness, aws, regions }: Stage,
  { played, story }: { readonly played: Played; readonly story: OperationStory },
): RehearsalResult['world'] {
  const state = witness.state();
  const writtenAt = state?.recordsWrittenAtEpochMs ?? null;
  const calls: Record<string, number> = {};
  for (const { command } of aws.log) calls[command] = (calls[command] ?? 0) + 1;
  return {
    activeRegion: state?.activeRegion ?? null,
    writerRegion: played.writers.afterFailback,
    phase: state?.phase ?? null,
    evacuated: state?.evacuated ?? [],
    healthy: [...regions.values()].filter((region) => !region.isDark()).map(({ id }) => id),
    recordsPending: state?.recordsPending ?? false,
    recordsWrittenAtSeconds: writtenAt === null ? null : secondsInto(story, writtenAt),
    failedVerdictsBy: witness.failedVerdictsBy(),
    lostFromSight: witness.lostFromSight(),
    coordinationMembers: null,
    data: null,
    lastCommitEpoch: lastCommitEpoch(witness.commits()),
    commits: tellCommits(story, witness.commits()),
    queuedWrites: witness.queuedWrites(),
    lateCalls: [],
    answersChanged: witness.answerChanges.some(({ atMs }) => atMs > played.faultAtMs),
    answeredMeanwhile: answeredMeanwhile({ recorder: witness }),
    requests: witness.totals(),
    records: tellRecords(played.final.records),
    fleet: null,
    apiCalls: calls,
  };
}
