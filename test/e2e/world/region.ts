import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { WriteFence } from '../../../client/write-fence.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import type { RegionalApplication } from '../../../twin/world/application.ts';
import { createRegionMeter } from '../../../twin/world/load/region-meter.ts';
import type { CommittedWrite } from '../../../twin/world/load/service.ts';
import type { Timers } from '../real-time.ts';

/** What a Region is made of. */
export interface RegionSettings {
  readonly config: ResolvedConfig;
  readonly application: RegionalApplication;
  /** A new process of the Region has a new one. */
  readonly createFence: () => WriteFence;
  readonly cloudWatch: CloudWatchClient;
  readonly clusterId: string;
  readonly timers: Timers;
  readonly port: number;
  /** Ports of the other Regions. */
  readonly peers: readonly number[];
  readonly onCommit: (write: CommittedWrite) => void;
  readonly onFailure: (error: unknown) => void;
}

/** The application of one Region: a real HTTP server that publishes its own traffic. */
export interface Region {
  readonly id: string;
  isDark(): boolean;
  /** Nothing of the Region answers any more, and nothing in it goes on. */
  goDark(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

/** Where users order: reads and writes. */
export const ORDERS = '/orders';
/** Marks a write that another Region passed on. */
const FORWARDED = 'x-forwarded-from';
const FORWARD_TIMEOUT_MS = 1_000;
/** A replica that lags by this, milliseconds. */
const LAG_MS = 120;

/** Starts the application of a Region on its port, which it keeps for good. */
export async function startRegion(settings: RegionSettings): Promise<Region> {
  const { config, application, createFence, timers, port } = settings;
  let fence = createFence();
  const meter = createRegionMeter();
  const sockets = new Set<Socket>();
  let server = createServer();
  let dark = false;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    const { pathname } = new URL(request.url ?? '/', 'http://region');
    const isOrder = pathname === ORDERS;
    const forwarded = request.headers[FORWARDED] !== undefined;
    const ok = !isOrder || request.method !== 'POST' || (await commit(forwarded));
    const { status, body } = isOrder
      ? { status: ok ? 200 : 503, body: application.region }
      : application.answer(pathname);
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
    // Only what users ask for counts as traffic.
    if (isOrder && !forwarded) meter.count({ ok, newConnection: true, latencyMs: performance.now() - startedAt });
  };
  /** Commits under the write lease; without it the Region that has it is asked, once. */
  const commit = async (forwarded: boolean): Promise<boolean> => {
    const epoch = fence.writableEpoch();
    if (epoch !== undefined) {
      settings.onCommit({ atMs: Date.now(), region: application.region, epoch });
      return true;
    }
    if (forwarded) return false;
    const answers = await Promise.all(
      settings.peers.map((peer) =>
        fetch(`http://127.0.0.1:${peer}${ORDERS}`, {
          method: 'POST',
          headers: { [FORWARDED]: application.region },
          signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS),
        }).then(
          ({ status }) => status,
          () => undefined,
        ),
      ),
    );
    return answers.includes(200);
  };
  const listen = async (port: number): Promise<Server> => {
    const listening = createServer((request, response) => void answer(request, response)).listen(port, '127.0.0.1');
    listening.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await once(listening, 'listening');
    return listening;
  };
  const hangUp = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  server = await listen(port);
  publishEveryPeriod({ ...settings, take: () => meter.take(), isDark: () => dark });
  const runFence = (): void => void fence.run();
  runFence();
  return {
    id: application.region,
    isDark: () => dark,
    goDark: async () => {
      dark = true;
      fence.stop();
      await hangUp();
    },
    comeBack: async () => {
      server = await listen(port);
      dark = false;
      fence = createFence();
      runFence();
    },
    stop: async () => {
      fence.stop();
      await hangUp();
    },
  };

  function publishEveryPeriod(publishing: Publishing): void {
    const periodMs = config.traffic.periodSeconds * 1000;
    const period = (nowMs: number): void => {
      publish(publishing, Math.floor(nowMs / periodMs) * periodMs - periodMs).catch(publishing.onFailure);
      timers.at(Math.floor(nowMs / periodMs) * periodMs + periodMs, period);
    };
    timers.at(Math.ceil(Date.now() / periodMs) * periodMs, period);
  }
}

interface Publishing extends RegionSettings {
  readonly take: () => ReturnType<ReturnType<typeof createRegionMeter>['take']>;
  readonly isDark: () => boolean;
}

/** High-resolution metrics, as `traffic.periodSeconds` below a minute asks for; a dark Region publishes nothing. */
async function publish(publishing: Publishing, fromMs: number): Promise<void> {
  const { config, application, cloudWatch, clusterId, take, isDark } = publishing;
  const reading = take();
  if (isDark()) return;
  const Timestamp = new Date(fromMs);
  const { namespace, requests, errors, connections, latency } = config.traffic;
  const Dimensions = [
    { Name: 'Application', Value: config.application },
    { Name: 'Region', Value: application.region },
  ];
  const datum = (MetricName: string) => ({ MetricName, Timestamp, Dimensions, StorageResolution: 1 });
  const { milliseconds, counts } = reading.latencies;
  if (reading.requests > 0) {
    const MetricData = [
      { ...datum(requests), Value: reading.requests },
      { ...datum(errors), Value: reading.errors },
      { ...datum(connections), Value: reading.connections },
      { ...datum(latency), Values: [...milliseconds], Counts: [...counts] },
    ];
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
  }
  const lag = {
    MetricName: 'AuroraGlobalDBReplicationLag',
    Value: LAG_MS,
    Timestamp,
    Dimensions: [{ Name: 'DBClusterIdentifier', Value: clusterId }],
  };
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/RDS', MetricData: [lag] }));
}
