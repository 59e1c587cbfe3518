import { dataTierPort } from '../../../adapters/aws/create-ports.ts';
import { homeRegion } from '../../../core/config/accessors.ts';
import { parseEndpoint } from '../../../core/config/endpoint.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { checkNames, healthChecksOf } from '../../../core/routing/compile/health-checks.ts';
import { recordTypeOf } from '../../../core/routing/compile/weighted-group.ts';
import type { ResourceRecordSet } from '../../../core/routing/record-set.ts';
import type { RecordTree } from '../../../core/routing/record-tree.ts';
import { primeClients } from '../../../twin/aws/prime-clients.ts';
import { createRandomStreams, draw } from '../../../twin/random.ts';
import { scheduleFault } from '../../../twin/scenarios/faults.ts';
import { firstMoment } from '../../../twin/scenarios/run-once.ts';
import { installVirtualClock, type TwinClock } from '../../../twin/virtual-clock.ts';
import { LATENCIES } from '../../../twin/world/latencies.ts';
import { HEALTH_CHECK_METRICS_REGION } from '../../../twin/world/publishing.ts';
import { startWorld } from '../../../twin/world/start-world.ts';
import { createWorld, TWIN_DEPLOYMENT, type World } from '../../../twin/world/world.ts';
import { type ClientFigures, clientFigures, FAULT_AT_SECONDS, MEASURED_AT_SECONDS, meterOf } from './seed-figures.ts';

const ALARM = 'primary-endpoint-unhealthy';
/** How far the clock of the process may be behind the world's when the alarm goes off. */
const STEP_MS = 100;

/**
 * The same outage of the same world under failover records, their endpoint check, and a promotion that an alarm on that
 * check starts: what Route 53 and CloudWatch do by themselves, and nothing else.
 */
export async function measurePlainRoute53(config: ResolvedConfig, seed: number): Promise<ClientFigures> {
  await primeClients();
  const streams = createRandomStreams(seed);
  const startMs = firstMoment(streams);
  const clock = installVirtualClock({ startEpochMs: startMs, random: streams.stream('process') });
  try {
    const plain = withoutOrchestration(config);
    const world = createWorld({ config: plain, clock, seed, compileTree: failoverPair });
    const meter = meterOf(world, startMs + FAULT_AT_SECONDS * 1000);
    startWorld(world);
    promoteOnAlarm(world);
    const region = homeRegion(plain).id;
    scheduleFault(world, { kind: 'region-dark', region, atSeconds: FAULT_AT_SECONDS }, startMs);
    await passUntil(clock, startMs + MEASURED_AT_SECONDS * 1000);
    return clientFigures(meter, clock.nowEpochMs());
  } finally {
    clock.dispose();
  }
}

/** The world moves when a timer fires. Here no code runs that would set any, so that one alarm must find a clock in step. */
async function passUntil(clock: TwinClock, untilMs: number): Promise<void> {
  while (clock.nowEpochMs() < untilMs) await clock.runUntil(Math.min(untilMs, clock.nowEpochMs() + STEP_MS));
}

/**
 * The config of somebody who has records and checks alone. Its rules would refuse the data tier beside them, since nothing
 * of this product would promote it; here a function of the user's own does.
 */
function withoutOrchestration({ lastResort: _, ...config }: ResolvedConfig): ResolvedConfig {
  return { ...config, preset: 'dns-failover' };
}

/**
 * A PRIMARY that its endpoint check gates and a SECONDARY without one, at the config's TTL:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html
 */
export function failoverPair(config: ResolvedConfig, deployment: Parameters<typeof healthChecksOf>[1]): RecordTree {
  const primary = homeRegion(config).id;
  const record = (id: string, role: 'PRIMARY' | 'SECONDARY'): ResourceRecordSet => ({
    Name: config.record,
    Type: recordTypeOf(config),
    SetIdentifier: id,
    Failover: role,
    TTL: config.ttlSeconds,
    ResourceRecords: [{ Value: hostIn(config, id) }],
    ...(role === 'PRIMARY' ? { HealthCheckId: checkNames.endpoint(id) } : {}),
  });
  return {
    hostedZoneName: config.hostedZoneName,
    records: [record(primary, 'PRIMARY'), record(standbyOf(config), 'SECONDARY')],
    healthChecks: healthChecksOf(config, deployment).filter(({ id }) => id === checkNames.endpoint(primary)),
  };
}

/**
 * An alarm on the check's `HealthCheckStatus`, one minute of one, and the function that it calls. Both are in us-east-1,
 * the only Region that has this metric: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
 */
function promoteOnAlarm(world: World): void {
  const { config, events, cloudWatchIn } = world;
  cloudWatchIn(HEALTH_CHECK_METRICS_REGION).putMetricAlarm({
    AlarmName: ALARM,
    Namespace: 'AWS/Route53',
    MetricName: 'HealthCheckStatus',
    Dimensions: [{ Name: 'HealthCheckId', Value: checkNames.endpoint(homeRegion(config).id) }],
    Statistic: 'Minimum',
    Period: 60,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
  });
  events.listen((event) => {
    if (event.kind !== 'alarm' || event.event.detail.alarmName !== ALARM) return;
    // A refusal leaves the data where it is, and the clients' figures say so.
    if (event.event.detail.state.value === 'ALARM') void promote(world).catch(() => undefined);
  });
}

/** Called and started cold, as a function that runs once a year is; then one call of the API in the standby's Region. */
async function promote({ config, clock, random, aws }: World): Promise<void> {
  const chance = random.stream('plain-route53');
  await clock.sleep(draw(LATENCIES.alarmEvent.milliseconds, chance));
  await clock.sleep(draw(LATENCIES.lambdaColdStart.milliseconds, chance));
  const region = standbyOf(config);
  const clients = aws.clientsIn(HEALTH_CHECK_METRICS_REGION);
  const dataTier = dataTierPort({ config, deployment: TWIN_DEPLOYMENT, region, clients }, clock);
  await dataTier.promote({ target: region, mode: 'failover' });
}

function standbyOf(config: ResolvedConfig): string {
  const standby = config.regions.find(({ role }) => role === 'standby');
  if (standby === undefined) throw new RangeError('the config has no standby; plain failover needs one');
  return standby.id;
}

function hostIn(config: ResolvedConfig, region: string): string {
  const found = config.regions.find(({ id }) => id === region);
  return parseEndpoint(found?.endpoint ?? '').host;
}
