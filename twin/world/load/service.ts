import { DATABASE_WRITER_CHECK } from '../../../core/config/checks.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { draw, type Random } from '../../random.ts';
import type { RegionalApplication } from '../application.ts';
import type { GlobalDatabase } from '../global-database.ts';
import { CLIENT_PATIENCE, LATENCIES } from '../latencies.ts';
import type { Network } from '../network.ts';
import type { Request, Served } from './population.ts';
import type { RegionMeter } from './region-meter.ts';

/** A write that was committed: where, and under which epoch. */
export interface CommittedWrite {
  readonly atMs: number;
  readonly region: string;
  readonly epoch: number;
}

/** What the service is made of. */
export interface ServiceSettings {
  readonly config: ResolvedConfig;
  readonly network: Network;
  readonly applications: ReadonlyMap<string, RegionalApplication>;
  readonly meters: ReadonlyMap<string, RegionMeter>;
  readonly database: GlobalDatabase | undefined;
  /** The epoch under which a Region's writers may commit; undefined where they may not. */
  readonly writableEpoch: (region: string, atMs: number) => number | undefined;
  readonly onCommit: (write: CommittedWrite) => void;
  readonly random: Random;
}

/** Latencies drawn once and used over and over: a request must cost next to nothing. */
const LATENCY_TABLE = 1024;

/** Serves requests as the applications of the Regions would. */
export function createService(settings: ServiceSettings): (request: Request) => Served {
  const { network, applications, meters, random } = settings;
  const latencies = Float64Array.from({ length: LATENCY_TABLE }, () =>
    draw(LATENCIES.clientRequest.milliseconds, random),
  );
  const unanswered: Served = { ok: false, afterMs: CLIENT_PATIENCE.timeoutMs };
  return ({ destination, write, newConnection, atMs, repeats }) => {
    const application = applications.get(destination);
    if (application === undefined || network.isDark(destination) || !application.frontDoorUp()) return unanswered;
    const afterMs = (latencies[Math.floor(random() * LATENCY_TABLE)] ?? 0) * application.slowness;
    if (afterMs > CLIENT_PATIENCE.timeoutMs) return unanswered;
    const ok = random() >= application.errorShare && (!write || commits(settings, application.region, atMs));
    const { attempts } = application;
    meters.get(destination)?.count({ ok, newConnection, latencyMs: afterMs, attempts, repeats });
    return { ok, afterMs };
  };
}

/** A write commits in the writer's Region, sent on from wherever it arrives, and only under the writer's lease. */
function commits(settings: ServiceSettings, arrivedIn: string, atMs: number): boolean {
  const { config, database, network, applications, writableEpoch, onCommit } = settings;
  const writer = database === undefined ? arrivedIn : database.writerKnownIn(arrivedIn);
  const reached = writer === arrivedIn || (config.data.writes === 'forwarded' && network.connects(arrivedIn, writer));
  if (!reached || database?.takesCommits(writer) === false) return false;
  if (applications.get(writer)?.isUp(DATABASE_WRITER_CHECK) === false) return false;
  if (database === undefined) return true;
  const epoch = writableEpoch(writer, atMs);
  if (epoch === undefined) return false;
  database.commit(atMs);
  onCommit({ atMs, region: writer, epoch });
  return true;
}
