import { itemKeys } from '../../adapters/aws/dynamodb-expressions.ts';
import { checksOf } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Decision } from '../../core/decision/outcome.ts';
import type { ObserverReport } from '../../core/health/report.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { Notification } from '../aws/sns.ts';
import { LAST_RESORT } from '../world/destinations.ts';
import { type AnswerShare, DNS_LOCATIONS, exactAnswers } from '../world/dns.ts';
import { clientKinds, type RequestOutcome } from '../world/load/population.ts';
import { createRecoveryMeter, type Recovery } from '../world/load/recovery-meter.ts';
import type { World } from '../world/world.ts';
import type { WorldEvent } from '../world/world-events.ts';
import { type CommitSpan, createCommitSpans } from './commit-spans.ts';
import { evacuatedRegions, healthyRegions } from './facts.ts';
import { type FleetSight, recordFleet } from './fleet-recorder.ts';
import type { WorldFacts } from './result-document.ts';
import { createShareMeter } from './share-meter.ts';
import { createSightMeter, type LostSight } from './sight-meter.ts';
import { createUseSpans } from './use-spans.ts';
import { createWriterMeter } from './writer-meter.ts';

/** What a location answered from a moment on. */
export interface AnswerChange {
  readonly atMs: number;
  readonly location: string;
  readonly answers: readonly AnswerShare[];
}

/** Who was out, and who was well, when a switch changed. */
export interface EvacuationSight {
  readonly evacuated: readonly string[];
  readonly healthy: readonly string[];
}

/** Everything that was seen while a scenario ran; what the result and the invariants are judged from. */
export interface Recorder {
  readonly notifications: readonly Notification[];
  readonly states: readonly { readonly atMs: number; readonly execution: string; readonly state: string }[];
  /** Verdicts that differed from the one before. */
  readonly decisions: readonly Decision[];
  readonly evacuations: readonly EvacuationSight[];
  /** Operations that gave the application back with nobody who may write, and no person asked to see to it. */
  readonly leftWithoutWriter: readonly string[];
  /** Changes so far, oldest first; a location that answers as before makes none. */
  readonly answerChanges: readonly AnswerChange[];
  /** Every operation, as its record last stood, oldest first. */
  operations(): readonly OperationRecord[];
  state(): ApplicationState | undefined;
  /** What the first location answered at a moment. */
  answersAt(atMs: number): readonly AnswerShare[];
  /** When each Region committed under each epoch, in order of the first commit. */
  commits(): readonly CommitSpan[];
  /** Share of requests that a destination got in a span, 0 to 1; `null` where there were none. */
  share(destination: string, span: { readonly fromMs: number; readonly toMs: number }): number | null;
  /** When a client that honours the TTL last came to a destination that was in use at a moment; `null` where none did. */
  lastUse(destination: string, sinceMs: number): number | null;
  /** What the clients saw of the outage up to the first failback, or until now. */
  recovery(): Recovery | undefined;
  /** Observers whose reports have called a critical check failed, in order of the alphabet. */
  failedVerdictsBy(): readonly string[];
  /** Checks that were known and came to be unknown to every observer. */
  lostFromSight(): readonly LostSight[];
  /** When the Route 53 API was called, in order of time. */
  readonly route53CallsAtMs: readonly number[];
  /** What was seen of the application's fleet, where it has one. */
  readonly fleet: FleetSight | undefined;
  /** Writes that came back with their Region, and those of them that were committed. */
  queuedWrites(): { readonly tried: number; readonly committed: number };
  totals(): WorldFacts['requests'];
  /** When each write that failed was known to have failed, epoch ms, in order of knowing. */
  readonly failedWrites: readonly number[];
}

/** Watches a world. `faultAtMs` is when clients began to suffer, if they do. */
export function recordWorld(world: World, faultAtMs: number | undefined): Recorder {
  const notifications: Notification[] = [];
  const states: { atMs: number; execution: string; state: string }[] = [];
  const decisions: Decision[] = [];
  const evacuations: EvacuationSight[] = [];
  const writers = createWriterMeter();
  const answerChanges: AnswerChange[] = [];
  const operations = new Map<string, OperationRecord>();
  const commits = createCommitSpans();
  const shares = createShareMeter();
  const uses = createUseSpans();
  const kinds = clientKinds();
  const honoursTtl = (client: number): boolean =>
    kinds[client] === 'honours-ttl' && world.habits.keepsMs(client) === undefined;
  const sight = createSightMeter();
  const meter = faultAtMs === undefined ? undefined : createRecoveryMeter(kinds, faultAtMs);
  const failedVerdictsBy = new Set<string>();
  const queued = { tried: 0, committed: 0 };
  const totals = { total: 0, failed: 0, failedReads: 0, lastResort: 0 };
  const failedWrites: number[] = [];
  const now = world.clock.worldNow;
  const route53CallsAtMs: number[] = [];
  const fleet = recordFleet(world);
  let state: ApplicationState | undefined;
  let recoveryBeforeFailback: Recovery | undefined;

  const onRequest = (outcome: RequestOutcome): void => {
    totals.total++;
    if (!outcome.ok) totals.failed++;
    if (!outcome.ok && outcome.write) failedWrites.push(outcome.atMs);
    if (!outcome.ok && !outcome.write) totals.failedReads++;
    if (outcome.destination === LAST_RESORT) totals.lastResort++;
    shares.count(outcome.destination, outcome.atMs);
    if (honoursTtl(outcome.client)) uses.add(outcome.destination, outcome.atMs);
    meter?.observe(outcome);
  };
  const onItem = (item: Readonly<Record<string, unknown>>): void => {
    if (item['application'] !== world.config.application) return;
    const key = String(item['item']);
    if (key === itemKeys.state) {
      state = item as unknown as ApplicationState;
      writers.observe(state);
    }
    if (key === itemKeys.decision) decisions.push(item as unknown as Decision);
    if (key.startsWith(itemKeys.reportPrefix)) {
      const report = item as unknown as ObserverReport;
      sight.observe(report);
      if (callsCriticalFailed(world.config, report)) failedVerdictsBy.add(report.observer);
    }
    if (key.startsWith(itemKeys.operationPrefix)) {
      const record = item as unknown as OperationRecord;
      if (record.kind === 'failback') recoveryBeforeFailback ??= meter?.read(now());
      operations.set(record.operationId, record);
    }
  };
  const onAnswers = (location: string, nowMs: number): void => {
    const answers = exactAnswers(world.route53, world.config, { location, nowMs });
    const latest = answerChanges.findLast((change) => change.location === location);
    if (JSON.stringify(latest?.answers) !== JSON.stringify(answers))
      answerChanges.push({ atMs: nowMs, location, answers });
  };
  const onState = ({ execution, state }: Extract<WorldEvent, { kind: 'state-entered' }>): void => {
    if (fleet !== undefined && execution.application !== world.config.application) return;
    states.push({ atMs: now(), execution: execution.name, state });
  };
  const onEvent = (event: WorldEvent): void => {
    if (event.kind === 'request') onRequest(event.outcome);
    else if (event.kind === 'commit') commits.add(event.write);
    else if (event.kind === 'queued-write') {
      queued.tried++;
      if (event.committed) queued.committed++;
    } else if (event.kind === 'answers') onAnswers(event.location, event.nowMs);
    else if (event.kind === 'notification') notifications.push(event.notification);
    else if (event.kind === 'item') onItem(event.item);
    else if (event.kind === 'state-entered') onState(event);
    else if (event.kind === 'objects')
      evacuations.push({ evacuated: evacuatedRegions(world), healthy: healthyRegions(world) });
  };
  world.events.listen(onEvent);
  world.events.listen(({ kind }) => {
    if (kind === 'route53-call') route53CallsAtMs.push(now());
  });
  for (const location of DNS_LOCATIONS) onAnswers(location, now());

  return {
    notifications,
    states,
    decisions,
    evacuations,
    leftWithoutWriter: writers.leftWithoutWriter,
    answerChanges,
    operations: () => [...operations.values()].toSorted((a, b) => a.openedAtEpochMs - b.openedAtEpochMs),
    state: () => state,
    answersAt: (atMs) =>
      answerChanges.findLast((change) => change.location === DNS_LOCATIONS[0] && change.atMs <= atMs)?.answers ?? [],
    commits: commits.all,
    share: shares.share,
    lastUse: uses.lastUse,
    recovery: () => recoveryBeforeFailback ?? meter?.read(now()),
    failedVerdictsBy: () => [...failedVerdictsBy].toSorted(),
    lostFromSight: sight.all,
    route53CallsAtMs,
    fleet,
    queuedWrites: () => queued,
    totals: () => totals,
    failedWrites,
  };
}

function callsCriticalFailed(config: ResolvedConfig, { checks }: ObserverReport): boolean {
  return checksOf(config).some(({ name, check }) => check.class === 'critical' && checks[name]?.status === 'failed');
}
