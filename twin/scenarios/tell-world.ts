import { findEvent } from '../../core/operation/operation-record.ts';
import { canonicalName } from '../../core/routing/dns-name.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import type { World } from '../world/world.ts';
import { type CommitSpan, lastCommitEpoch } from './commit-spans.ts';
import { evacuatedRegions, healthyRegions, membersTogether } from './facts.ts';
import type { Recorder } from './recorder.ts';
import type { WorldFacts } from './result-document.ts';
import { chosenFailover, firstFailback, type Story, secondsInto } from './story.ts';
import { SETTLED_AFTER_MS } from './tell-answers.ts';
import { tellData } from './tell-data.ts';
import { tellFleet } from './tell-fleet.ts';

/** Tells the world as it stands at the end, and what was counted on the way. */
export function tellWorld(story: Story): WorldFacts {
  const { recorder, world, startMs, faultAtMs } = story;
  const state = recorder.state();
  const settledMs = Math.max(faultAtMs ?? 0, startMs + SETTLED_AFTER_MS);
  const writtenAt = state?.recordsWrittenAtEpochMs ?? null;
  return {
    activeRegion: state?.activeRegion ?? null,
    // Without a data tier the writer is whom the state grants it, by its lease.
    writerRegion: (world.database === undefined ? state?.writerRegion : world.database.writer()) ?? null,
    phase: state?.phase ?? null,
    evacuated: evacuatedRegions(world),
    healthy: healthyRegions(world),
    recordsPending: state?.recordsPending ?? false,
    recordsWrittenAtSeconds: writtenAt === null ? null : secondsInto(story, writtenAt),
    failedVerdictsBy: recorder.failedVerdictsBy(),
    lostFromSight: recorder.lostFromSight(),
    coordinationMembers: membersTogether(world),
    lastCommitEpoch: lastCommitEpoch(recorder.commits()),
    commits: tellCommits(story, recorder.commits()),
    queuedWrites: recorder.queuedWrites(),
    lateCalls: world.aws.lateCalls().map(({ atMs, ...call }) => ({ ...call, atSeconds: secondsInto(story, atMs) })),
    answersChanged: recorder.answerChanges.some(({ atMs }) => atMs > settledMs),
    answeredMeanwhile: answeredMeanwhile(story),
    requests: recorder.totals(),
    records: liveRecords(world),
    apiCalls: world.aws.counts(),
    data: tellData(world),
    fleet: tellFleet(story),
  };
}

/** What answers are told from, wherever they were given. */
type AnsweredStory = { readonly recorder: Pick<Recorder, 'operations' | 'answerChanges' | 'answersAt'> };

/** Every value that any location answered with from the verified failover to the failback. */
export function answeredMeanwhile(story: AnsweredStory): readonly string[] {
  const { recorder } = story;
  const failover = chosenFailover(story);
  const verifiedAt = failover === undefined ? undefined : findEvent(failover, 'verify-answers', 'done')?.atEpochMs;
  if (verifiedAt === undefined) return [];
  const until = firstFailback(story)?.openedAtEpochMs ?? Number.POSITIVE_INFINITY;
  const changes = recorder.answerChanges.filter(({ atMs }) => atMs >= verifiedAt && atMs < until);
  const answers = [...recorder.answersAt(verifiedAt), ...changes.flatMap((change) => change.answers)];
  return [...new Set(answers.map(({ value }) => value))];
}

/** Tells when writes were committed, by Region and epoch. */
export function tellCommits(story: Pick<Story, 'startMs'>, spans: readonly CommitSpan[]): WorldFacts['commits'] {
  return spans.map(({ region, epoch, firstAtMs, lastAtMs }) => ({
    region,
    epoch,
    firstAtSeconds: secondsInto(story, firstAtMs),
    lastAtSeconds: secondsInto(story, lastAtMs),
  }));
}

function liveRecords({ route53, config }: World): WorldFacts['records'] {
  const { output } = route53.controlPlane.call('ListResourceRecordSets', { HostedZoneId: config.hostedZoneId });
  const { ResourceRecordSets = [] } = (output ?? {}) as { ResourceRecordSets?: readonly ResourceRecordSet[] };
  return tellRecords(ResourceRecordSets);
}

/** The records that operations write: weighted ones, and the epoch's. */
export function tellRecords(recordSets: readonly ResourceRecordSet[]): WorldFacts['records'] {
  return recordSets
    .filter(({ Weight, Type }) => Weight !== undefined || Type === 'TXT')
    .map(({ Name, SetIdentifier, Weight, ResourceRecords }) => ({
      name: canonicalName(Name),
      setIdentifier: SetIdentifier ?? null,
      weight: Weight ?? null,
      value: ResourceRecords?.[0]?.Value ?? null,
    }));
}
