import { createWriteFence } from '../../client/write-fence.ts';
import { applicationRegions, observersOf, traitsOf } from '../../core/config/accessors.ts';
import { needsComparison } from '../../core/parity/items.ts';
import { recordTypeOf } from '../../core/routing/compile/weighted-group.ts';
import type { ScheduledFunction } from '../../state-machines/contracts.ts';
import { draw } from '../random.ts';
import { UNKNOWN_CLIENT } from '../route53/answering/dns-client.ts';
import { startAlarms } from './alarms.ts';
import { startPublishingChecks } from './checks/publish-checks.ts';
import { createDestinations } from './destinations.ts';
import { DNS_LOCATIONS } from './dns.ts';
import { startRecordingEnds } from './execution-ends.ts';
import { LATENCIES } from './latencies.ts';
import { POPULATION, startPopulation } from './load/population.ts';
import { createResolvers } from './load/resolvers.ts';
import { createService } from './load/service.ts';
import { startPublishing } from './publishing.ts';
import { publishInvocation, recordInvocation } from './telemetry.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
/** A world begins in the middle of its life: what runs by schedule has run for as long as any alarm on it looks back. */
const RAN_BEFORE_MS = 30 * MINUTE_MS;
/** Before the first client comes writers take up their leases and new inverted checks get their first data. */
const CLIENTS_COME_AFTER_MS = 60_000;
/** What writers commit under where nothing is orchestrated, so that nobody hands out epochs and nobody fences. */
const UNFENCED_EPOCH = 0;

/** Sets the world in motion: schedules, writers, clients, metrics. */
export function startWorld(world: World): void {
  const startMs = world.clock.nowEpochMs();
  const { events, config, clock, random, network, database, applications, meters, cloudWatchIn, healthChecks } = world;
  startAlarms(world);
  const { orchestrated } = traitsOf(config);
  if (orchestrated) startSchedules(world);
  startRecordingEnds(world);
  const writers = startWriters(world);
  const writableEpoch = (region: string, atMs: number): number | undefined =>
    orchestrated ? writers.get(region)?.writableEpoch(atMs) : UNFENCED_EPOCH;
  startCommittingQueues(world, writableEpoch);
  startPublishing({
    config,
    queue: clock.queue,
    random: random.stream('publishing'),
    startMs,
    network,
    cloudWatchIn,
    applications,
    meters,
    database,
    healthChecks,
  });
  startPublishingChecks({ config, queue: clock.queue, startMs, network, cloudWatchIn });
  const serve = createService({
    ...world,
    random: random.stream('service'),
    writableEpoch,
    onCommit: (write) => events.emit({ kind: 'commit', write }),
  });
  startPopulation({
    queue: clock.queue,
    random: random.stream('population'),
    startMs: startMs + CLIENTS_COME_AFTER_MS,
    resolve: createResolvers(POPULATION.resolvers, asking(world)),
    serve,
    observe: (outcome) => events.emit({ kind: 'request', outcome }),
    habits: world.habits,
  });
}

/** Resolvers are spread over the locations. */
function asking({ config, route53 }: World): Parameters<typeof createResolvers>[1] {
  const destination = createDestinations(config);
  const question = { name: config.record, type: recordTypeOf(config) };
  return (resolver, nowMs) => {
    const location = DNS_LOCATIONS[resolver % DNS_LOCATIONS.length] ?? '';
    const { values, ttlSeconds } = route53.answer({ location, question, client: UNKNOWN_CLIENT, nowMs });
    return { destination: destination(values[0]?.value), ttlSeconds };
  };
}

/**
 * Processes that come back with writes they have kept commit them on the word of their fence alone: their own database
 * takes them for what it knows.
 */
function startCommittingQueues(
  { events, clock }: World,
  writableEpoch: (region: string, atMs: number) => number | undefined,
): void {
  events.listen((event) => {
    if (event.kind !== 'queued-writes') return;
    const { region, writes } = event;
    for (let write = 0; write < writes; write++) {
      const atMs = clock.worldNow();
      const epoch = writableEpoch(region, atMs);
      if (epoch !== undefined) events.emit({ kind: 'commit', write: { atMs, region, epoch } });
      events.emit({ kind: 'queued-write', committed: epoch !== undefined });
    }
  });
}

/** A Region's right to commit, by the true time. */
interface Writer {
  writableEpoch(atMs: number): number | undefined;
}

/** The writers of every Region, each keeping its lease as long as it can; they know whether the table is reached. */
function startWriters({ config, clock: world, applications, lambda }: World): ReadonlyMap<string, Writer> {
  if (config.data.adapter === 'none' || !traitsOf(config).orchestrated) return new Map();
  return new Map(
    applicationRegions(config).map((region) => {
      const { coordination, clock } = lambda.portsIn(region);
      const fence = createWriteFence({ region, holder: `writer in ${region}`, coordination, clock });
      applications.get(region)?.tellCoordination(fence.coordinationReachable);
      void fence.run();
      // How far the writer's clock is off at this moment.
      const aheadMs = (): number => clock.nowEpochMs() - world.nowEpochMs();
      return [region, { writableEpoch: (atMs) => fence.writableEpoch(atMs + aheadMs()) }] as const;
    }),
  );
}

function startSchedules(world: World): void {
  for (const region of observersOf(world.config)) startSchedule(world, region, 'observe-regions');
  for (const region of applicationRegions(world.config)) startSchedule(world, region, 'reconcile-records');
  if (!needsComparison(world.config)) return;
  for (const region of applicationRegions(world.config)) startSchedule(world, region, 'compare-regions');
}

/** A schedule fires once a minute, anywhere within it, where its Region is alive. */
function startSchedule(world: World, region: string, name: ScheduledFunction): void {
  const { clock, network, lambda, random } = world;
  const jitter = random.stream(`schedule/${region}/${name}`);
  const startMs = clock.nowEpochMs();
  for (let ago = RAN_BEFORE_MS; ago > 0; ago -= MINUTE_MS) {
    recordInvocation(world, { region, name, beganAtMs: startMs - ago });
  }
  const run = async (): Promise<void> => {
    for (let minute = Math.floor(clock.nowEpochMs() / MINUTE_MS); ; minute++) {
      const at = minute * MINUTE_MS + draw(LATENCIES.scheduleJitter.milliseconds, jitter);
      await clock.sleep(at - clock.nowEpochMs());
      if (network.isDark(region)) continue;
      const beganAtMs = clock.nowEpochMs();
      const ended = (): void => publishInvocation(world, { region, name, beganAtMs });
      // A function that fails is tried again by the next minute; its own metrics and logs say so.
      void lambda.invoke(region, name, {}).then(ended, ended);
    }
  };
  void run();
}
