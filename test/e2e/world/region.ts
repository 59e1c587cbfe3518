import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { WriteFence } from '../../../client/write-fence.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import type { RegionalApplication } from '../../../twin/world/application.ts';
import { createRegionMeter, type RegionMeter } from '../../../twin/world/load/region-meter.ts';
import type { CommittedWrite } from '../../../twin/world/load/service.ts';
import type { Timers } from '../real-time.ts';
import { createDoor } from './door.ts';
import { publishEveryPeriod } from './publish-traffic.ts';

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

/** Starts the application of a Region on its port, which it keeps for good. */
export async function startRegion(settings: RegionSettings): Promise<Region> {
  const { config, application, createFence, timers, cloudWatch, clusterId, onFailure } = settings;
  const { region: id } = application;
  const meter = createRegionMeter();
  let fence = createFence();
  let dark = false;
  const door = createDoor(settings.port, createAnswer(settings, { meter, fence: () => fence }));
  const begin = async (): Promise<void> => {
    await door.open();
    void fence.run();
  };
  const end = async (): Promise<void> => {
    fence.stop();
    await door.shut();
  };
  await begin();
  publishEveryPeriod({ config, region: id, meter, cloudWatch, clusterId, timers, isDark: () => dark, onFailure });
  return {
    id,
    isDark: () => dark,
    goDark: async () => {
      dark = true;
      await end();
    },
    comeBack: async () => {
      fence = createFence();
      await begin();
      dark = false;
    },
    stop: end,
  };
}

/** Orders are read anywhere and written under the write lease; every other path is the application's own. */
function createAnswer(
  settings: RegionSettings,
  { meter, fence }: { readonly meter: RegionMeter; readonly fence: () => WriteFence },
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { application } = settings;
  return async (request, response) => {
    const startedAt = performance.now();
    const { pathname } = new URL(request.url ?? '/', 'http://region');
    const isOrder = pathname === ORDERS;
    const forwarded = request.headers[FORWARDED] !== undefined;
    const ok = !isOrder || request.method !== 'POST' || (await commit(settings, fence(), forwarded));
    const { status, body } = isOrder
      ? { status: ok ? 200 : 503, body: application.region }
      : await application.answer(pathname);
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
    // Only what users ask for counts as traffic.
    if (!isOrder || forwarded) return;
    const latencyMs = performance.now() - startedAt;
    meter.count({ ok, newConnection: true, latencyMs, attempts: 1, repeats: false });
  };
}

/** Commits under the write lease; without it the Region that has it is asked, once. */
async function commit(
  { application, peers, onCommit }: RegionSettings,
  fence: WriteFence,
  forwarded: boolean,
): Promise<boolean> {
  const epoch = fence.writableEpoch();
  if (epoch !== undefined) {
    onCommit({ atMs: Date.now(), region: application.region, epoch });
    return true;
  }
  if (forwarded) return false;
  const answers = await Promise.all(peers.map((peer) => forward(peer, application.region)));
  return answers.includes(true);
}

function forward(peer: number, from: string): Promise<boolean> {
  const signal = AbortSignal.timeout(FORWARD_TIMEOUT_MS);
  return fetch(`http://127.0.0.1:${peer}${ORDERS}`, { method: 'POST', headers: { [FORWARDED]: from }, signal }).then(
    ({ ok }) => ok,
    () => false,
  );
}
