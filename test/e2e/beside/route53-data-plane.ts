import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Route53Client } from '@aws-sdk/client-route-53';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { isSameContent } from '../../../core/same-content.ts';
import { UNKNOWN_CLIENT } from '../../../twin/route53/answering/dns-client.ts';
import { startDnsServer } from '../../../twin/route53/dns/dns-server.ts';
import type { DnsSource } from '../../../twin/route53/dns/respond.ts';
import { createRoute53, type Route53 } from '../../../twin/route53/route53.ts';
import { createSeededRandom } from '../../../twin/route53/seeded-random.ts';
import { type AnswerShare, exactAnswers } from '../../../twin/world/dns.ts';
import type { Timers } from '../real-time.ts';
import { openCheckerEyes, type Places } from './checker-eyes.ts';
import { readZone, type ZoneContent } from './route53-feed.ts';

const LOCATION = 'local';
const READ_EVERY_MS = 500;
/** AWS publishes a minute when it is over. Here a minute has figures while it lasts, but of a status only once checkers have had time to follow. */
const PUBLISH_EVERY_MS = 2_000;
const STATUS_FROM_SECOND = 12;

/** What the data plane needs. */
export interface DataPlaneSettings {
  readonly config: ResolvedConfig;
  readonly route53: Route53Client;
  readonly ssm: SSMClient;
  /** Of us-east-1, where the metrics of health checks are. */
  readonly cloudWatch: CloudWatchClient;
  readonly places: Places;
  readonly timers: Timers;
  readonly onAnswers: (answers: readonly AnswerShare[], atMs: number) => void;
  /** Told of what could not be read, taken or published, each time; the next reading tries again. */
  readonly onFailure: (error: unknown) => void;
}

/** Route 53's data plane at work. */
export interface DataPlane {
  /** Loopback port that DNS is answered at, over UDP and TCP. */
  readonly port: number;
  answers(): readonly AnswerShare[];
  /** The zone as it was last read. */
  content(): ZoneContent | undefined;
  stop(): Promise<void>;
}

/**
 * The part of Route 53 that the emulator does not have: probes endpoints, aggregates what checkers report, publishes their
 * metrics and answers DNS. What it knows of records and checks it reads through the API, and nothing else tells it.
 */
export async function startDataPlane(settings: DataPlaneSettings): Promise<DataPlane> {
  const { config, timers } = settings;
  const eyes = openCheckerEyes(settings.places, timers);
  let content: ZoneContent | undefined;
  let latest: readonly AnswerShare[] = [];
  const plane = createRoute53({
    clock: { now: () => Date.now(), random: createSeededRandom(1), at: timers.at },
    world: { probe: (check) => eyes.seen(check) },
    locations: [LOCATION],
    onAnswersChange: () => timers.at(0, look),
  });
  const look = (nowMs: number): void => {
    const answers = exactAnswers(plane, config, { location: LOCATION, nowMs });
    if (isSameContent(answers, latest)) return;
    latest = answers;
    settings.onAnswers(answers, nowMs);
  };
  const read = async (): Promise<void> => {
    const found = await readZone({ ...settings, hostedZoneId: config.hostedZoneId });
    if (isSameContent(found, content)) return;
    await Promise.all(found.healthChecks.filter(isEndpoint).map((check) => eyes.watch(check.HealthCheckConfig)));
    const hostedZone = { Id: config.hostedZoneId, Name: config.hostedZoneName };
    plane.install({ hostedZone, ...found });
    content = found;
    look(Date.now());
  };
  timers.every(READ_EVERY_MS, read, settings.onFailure);
  timers.every(PUBLISH_EVERY_MS, () => publish(settings, plane, content?.healthChecks ?? []), settings.onFailure);
  const server = await startDnsServer(sourceOf(plane), 0);
  return {
    port: server.port,
    answers: () => latest,
    content: () => content,
    stop: server.close,
  };
}

function isEndpoint({ HealthCheckConfig: { Type } }: ZoneContent['healthChecks'][number]): boolean {
  return Type !== 'CALCULATED';
}

/** Name servers have addresses too, which in the zone of AWS itself nobody here could look up. */
const NAME_SERVERS = /\.awsdns-\d+\.[a-z.]+$/;

function sourceOf(plane: Route53): DnsSource {
  const answer: DnsSource['answer'] = (question, client) => {
    if (NAME_SERVERS.test(question.name.replace(/\.$/, ''))) return loopback(question.name);
    return plane.answer({ location: LOCATION, question, client, nowMs: Date.now() });
  };
  return { answer, clientIn: () => undefined, unknownClient: UNKNOWN_CLIENT, soa: undefined };
}

function loopback(owner: string): ReturnType<DnsSource['answer']> {
  const value = {
    value: '127.0.0.1',
    type: 'A',
    setIdentifier: undefined,
    path: [],
    isAliasTarget: false,
    ttlSeconds: 60,
  } as const;
  return { rcode: 'NOERROR', owner, values: [value], cnames: [], ttlSeconds: 60 };
}

/** Nothing is published of a check that nobody has looked at yet. */
async function publish(
  { cloudWatch }: DataPlaneSettings,
  plane: Route53,
  checks: ZoneContent['healthChecks'],
): Promise<void> {
  const Timestamp = new Date();
  const MetricData = checks.flatMap((check) => {
    const { Id, HealthCheckConfig: config } = check;
    const Dimensions = [{ Name: 'HealthCheckId', Value: Id }];
    const Value = plane.isHealthy(LOCATION, Id) ? 1 : 0;
    const status =
      Timestamp.getUTCSeconds() < STATUS_FROM_SECOND
        ? []
        : [{ MetricName: 'HealthCheckStatus', Value, Timestamp, Dimensions }];
    if (config.Type === 'CALCULATED') return status;
    const reports = plane.reportsOf(Id);
    if (reports.length === 0) return [];
    const passed = reports.filter(({ report }) => report.startsWith('Success')).length;
    const percent = {
      MetricName: 'HealthCheckPercentageHealthy',
      Value: (100 * passed) / reports.length,
      Timestamp,
      Dimensions,
    };
    return [...status, percent];
  });
  if (MetricData.length > 0) await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/Route53', MetricData }));
}
