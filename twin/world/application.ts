import type { ComponentCheck, Finding } from '../../client/health/component.ts';
import {
  createDeepHealth,
  type DeepHealth,
  type HealthAnswer,
  type Revisions,
} from '../../client/health/deep-health.ts';
import type { CoordinationReach } from '../../client/write-fence.ts';
import { checksOf } from '../../core/config/accessors.ts';
import { parseEndpoint } from '../../core/config/endpoint.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { parityRevisions } from '../../core/parity/items.ts';
import { type DocumentLie, falsified } from './document-lies.ts';
import { createGoldAnswers } from './gold-answers.ts';
import { ORDINARY_P95_MS } from './latencies.ts';
import type { MetricsLie } from './metric-lies.ts';

/** Instances of a component that are down, and how many there are to be. */
export interface InstancesDown {
  readonly down: number;
  readonly of: number;
}

/** The application of one Region, as its front door shows it. */
export interface RegionalApplication {
  readonly region: string;
  readonly host: string;
  /** Whether the front door answers at all (its Region being alive). */
  frontDoorUp(): boolean;
  setFrontDoor(up: boolean): void;
  /** Components by the names of the deep checks. */
  isUp(component: string): boolean;
  setComponent(component: string, up: boolean): void;
  /** Takes instances of a component down; undefined brings them back, and nobody counts them any more. */
  setInstances(component: string, down: InstancesDown | undefined): void;
  /** Gives a revision another value than the config expects; undefined gives that one back. */
  setRevision(revision: keyof Revisions, value: string | undefined): void;
  /** Falsifies the health document; undefined lets it be true again. */
  setDocumentLie(lie: DocumentLie | undefined): void;
  /** How the metrics that it publishes lie; undefined where they are true. */
  readonly metricsLie: MetricsLie | undefined;
  setMetricsLie(lie: MetricsLie | undefined): void;
  /** Lets the health document say whether the coordination table is reached. */
  tellCoordination(reach: () => CoordinationReach): void;
  /** Share of requests that fail though everything is up, 0 to 1. */
  readonly errorShare: number;
  /** Sets it; undefined gives the ordinary one back. */
  setErrorShare(share: number | undefined): void;
  /** How often each request of a user comes: clients that lose their patience send it again and again. */
  readonly attempts: number;
  setAttempts(attempts: number | undefined): void;
  /** Percent of lookups that the cache answers; a cold one answers few. */
  readonly cacheHitPercent: number;
  setCacheHits(percent: number | undefined): void;
  /** How many times longer than on an ordinary day requests take. */
  readonly slowness: number;
  /** Sets the 95th percentile of what requests take, ms; undefined gives the ordinary one back. */
  setP95(milliseconds: number | undefined): void;
  /** What the front door itself says, without a look at what lies behind it. */
  shallow(): HealthAnswer;
  /** What the front door answers to a path with its query; its health document and gold probes by the handlers that applications are given. */
  answer(path: string): Promise<HealthAnswer>;
  /** Turns its answers to gold probes away from those of the other Regions; undefined turns them back. */
  setDrift(drift: number | undefined): void;
  /** Empties its store of idempotency keys, or fills it again. */
  setDedupeCold(isCold: boolean): void;
}

/** None on an ordinary day: a client's outage ends with a success that no failure follows, so every failure must mean something. */
const ORDINARY_ERROR_SHARE = 0;
/** Percent of lookups that a warm cache answers (assumed). */
const ORDINARY_CACHE_HIT_PERCENT = 95;

/** The applications of all Regions. @param nowMs clock that documents age by; that of the process where not given */
export function createApplications(
  config: ResolvedConfig,
  nowMs?: () => number,
): ReadonlyMap<string, RegionalApplication> {
  return new Map(
    config.regions.map(({ id, endpoint }) => [
      id,
      createApplication(config, { id, host: parseEndpoint(endpoint).host, ...(nowMs === undefined ? {} : { nowMs }) }),
    ]),
  );
}

/** What has been done to an application; its answers follow from it. */
interface Condition {
  up: boolean;
  readonly down: Set<string>;
  readonly instances: Map<string, InstancesDown>;
  readonly revisions: Map<keyof Revisions, string>;
  errorShare: number;
  attempts: number;
  cacheHitPercent: number;
  slowness: number;
  documentLie: DocumentLie | undefined;
  metricsLie: MetricsLie | undefined;
  reach: () => CoordinationReach;
  drift: number;
  isDedupeCold: boolean;
}

function ordinaryCondition(): Condition {
  return {
    up: true,
    down: new Set(),
    instances: new Map(),
    revisions: new Map(),
    errorShare: ORDINARY_ERROR_SHARE,
    attempts: 1,
    cacheHitPercent: ORDINARY_CACHE_HIT_PERCENT,
    slowness: 1,
    documentLie: undefined,
    metricsLie: undefined,
    reach: () => 'unknown',
    drift: 0,
    isDedupeCold: false,
  };
}

function createApplication(
  config: ResolvedConfig,
  { id, host, ...clock }: { id: string; host: string; nowMs?: () => number },
): RegionalApplication {
  const condition = ordinaryCondition();
  const health = createHealth(config, condition, clock);
  const gold = createGoldAnswers(config, () => condition.drift);
  const shallow = (): HealthAnswer => ({ status: 200, body: '{"status":"passed"}' });
  return {
    region: id,
    host,
    frontDoorUp: () => condition.up,
    isUp: (component) => !condition.down.has(component),
    get metricsLie() {
      return condition.metricsLie;
    },
    get errorShare() {
      return condition.errorShare;
    },
    get attempts() {
      return condition.attempts;
    },
    get cacheHitPercent() {
      return condition.cacheHitPercent;
    },
    get slowness() {
      return condition.slowness;
    },
    ...settersOf(condition),
    shallow,
    answer: async (path) => {
      const [pathname = ''] = path.split('?');
      if (pathname === gold?.path) return gold.answer(path);
      return pathname === health.path ? falsified(await health.answer(pathname), condition.documentLie) : shallow();
    },
  };
}

type Setters = Pick<RegionalApplication, Extract<keyof RegionalApplication, `set${string}`> | 'tellCoordination'>;

function settersOf(condition: Condition): Setters {
  const { down, instances, revisions } = condition;
  return {
    setFrontDoor: (isUp) => {
      condition.up = isUp;
    },
    setComponent: (component, isUp) => void (isUp ? down.delete(component) : down.add(component)),
    setInstances: (component, counts) => setOrDelete(instances, component, counts),
    setRevision: (revision, value) => setOrDelete(revisions, revision, value),
    setDrift: (drift = 0) => {
      condition.drift = drift;
    },
    setDedupeCold: (isCold) => {
      condition.isDedupeCold = isCold;
    },
    setDocumentLie: (lie) => {
      condition.documentLie = lie;
    },
    setMetricsLie: (lie) => {
      condition.metricsLie = lie;
    },
    tellCoordination: (asked) => {
      condition.reach = asked;
    },
    setErrorShare: (share) => {
      condition.errorShare = share ?? ORDINARY_ERROR_SHARE;
    },
    setAttempts: (attempts) => {
      condition.attempts = attempts ?? 1;
    },
    setCacheHits: (percent) => {
      condition.cacheHitPercent = percent ?? ORDINARY_CACHE_HIT_PERCENT;
    },
    setP95: (milliseconds = ORDINARY_P95_MS) => {
      condition.slowness = milliseconds / ORDINARY_P95_MS;
    },
  };
}

/** The handler that applications are given, over what has been done to this one. */
function createHealth(config: ResolvedConfig, condition: Condition, clock: { nowMs?: () => number }): DeepHealth {
  const { dedupe } = config.parity;
  const components = [
    ...checksOf(config).flatMap(({ check }) => (check.kind === 'deep' ? [check.component] : [])),
    ...(dedupe === undefined ? [] : [dedupe.component]),
  ];
  const look = (component: string): ComponentCheck => {
    return (): Finding => ({
      status: condition.down.has(component) ? 'failed' : 'passed',
      ...countsOf(condition.instances.get(component)),
      ...(component === dedupe?.component ? { warm: !condition.isDedupeCold } : {}),
    });
  };
  // What the config compares and expects nothing of is the same everywhere.
  const unexpected = Object.fromEntries(parityRevisions(config).map((revision) => [revision, 'as-released']));
  return createDeepHealth({
    components: Object.fromEntries(components.map((component) => [component, look(component)])),
    revisions: () => ({ ...unexpected, ...config.contract.expected, ...Object.fromEntries(condition.revisions) }),
    coordination: () => condition.reach(),
    path: config.contract.path,
    ...clock,
  });
}

function countsOf(counts: InstancesDown | undefined): Pick<Finding, 'instances' | 'healthyInstances'> {
  return counts === undefined ? {} : { instances: counts.of, healthyInstances: counts.of - counts.down };
}

function setOrDelete<Key, Value>(map: Map<Key, Value>, key: Key, value: Value | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
