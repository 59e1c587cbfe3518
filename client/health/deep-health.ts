import type { ComponentHealth, ContractHealth } from '../../core/health/contract.ts';
import type { CoordinationReach } from '../write-fence.ts';
import { type Component, type ComponentCheck, createComponent } from './component.ts';

/** Where the document is served unless told otherwise, as `contract.path` of the config. */
export const DEFAULT_PATH = '/health/deep';

/**
 * Times of a look at all components. Observers give the parts that they look at most often 5 s (docs/configuration.md,
 * `timeoutSeconds`): the way there and back has one of them, and a document may take the others.
 */
export const LOOK_TIMES = { timeoutMs: 2_000, budgetMs: 4_000, cacheMs: 1_000 } as const;

/** Revisions that the Region runs; those that the config expects have to be given (docs/contract-health.md). */
export type Revisions = Pick<ContractHealth, 'schema_rev' | 'model_tag' | 'index_hash' | 'secrets_rev' | 'release'>;

/** A check that is given another time than most. */
export interface TimedCheck {
  readonly check: ComponentCheck;
  readonly timeoutMs: number;
}

/** What an application tells about itself. */
export interface DeepHealthSettings {
  /** By the names that the checks of the config use, `database-writer` for instance. */
  readonly components: Readonly<Record<string, ComponentCheck | TimedCheck>>;
  /** Asked for every document, since an index or a secret may change while the process runs. @default none */
  readonly revisions?: () => Revisions;
  /** Whether the coordination table is reached: `coordinationReachable` of the write fence. @default nothing is said */
  readonly coordination?: () => CoordinationReach;
  /** @default DEFAULT_PATH */
  readonly path?: string;
  /** How long a check may take that says nothing about it, ms. @default 2000 */
  readonly timeoutMs?: number;
  /** How long any check may take, ms; all of them run side by side. @default 4000 */
  readonly budgetMs?: number;
  /** How long a document is given out before the components are looked at again, ms. @default 1000 */
  readonly cacheMs?: number;
  /** A clock that only goes forward, ms. @default that of the process */
  readonly nowMs?: () => number;
}

/** A status and a body, for whatever serves HTTP. */
export interface HealthAnswer {
  readonly status: number;
  readonly body: string;
}

/** The health of the application in this Region, told as observers read it. */
export interface DeepHealth {
  readonly path: string;
  /** The document: a young one, or a new look at every component, which all who ask meanwhile share. */
  document(): Promise<ContractHealth>;
  /** What to answer to a path; 404 for any other than its own. Never rejects. */
  answer(path: string): Promise<HealthAnswer>;
}

/**
 * Makes the contract health document of a Region (docs/contract-health.md). It is answered with 200 whatever it says: the
 * document speaks for the Region, and a 503 would make a load balancer that is pointed here take out one instance after
 * another.
 */
export function createDeepHealth(settings: DeepHealthSettings): DeepHealth {
  const { path = DEFAULT_PATH, cacheMs = LOOK_TIMES.cacheMs, nowMs = () => performance.now() } = settings;
  const components = componentsOf(settings);
  let kept: { readonly document: Promise<ContractHealth>; readonly untilMs: number } | undefined;
  const document = (): Promise<ContractHealth> => {
    const askedAtMs = nowMs();
    if (kept === undefined || askedAtMs >= kept.untilMs) {
      const looking = look(settings, components);
      kept = { document: looking, untilMs: Number.POSITIVE_INFINITY };
      const keepUntil = (untilMs: number): void => {
        kept = { document: looking, untilMs };
      };
      looking.then(
        () => keepUntil(nowMs() + cacheMs),
        () => keepUntil(askedAtMs),
      );
    }
    return kept.document;
  };
  return {
    path,
    document,
    answer: async (asked) => {
      if (asked !== path) return { status: 404, body: JSON.stringify({ error: `${path} is served here` }) };
      try {
        return { status: 200, body: JSON.stringify(await document()) };
      } catch (error) {
        return { status: 500, body: JSON.stringify({ error: `no document: ${String(error)}` }) };
      }
    },
  };
}

function componentsOf(settings: DeepHealthSettings): readonly (readonly [string, Component])[] {
  const { components, timeoutMs: usualMs = LOOK_TIMES.timeoutMs, budgetMs = LOOK_TIMES.budgetMs } = settings;
  return Object.entries(components).map(([name, given]) => {
    const { check, timeoutMs } = typeof given === 'function' ? { check: given, timeoutMs: usualMs } : given;
    return [name, createComponent(check, Math.min(timeoutMs, budgetMs))] as const;
  });
}

async function look(
  { revisions, coordination }: DeepHealthSettings,
  components: readonly (readonly [string, Component])[],
): Promise<ContractHealth> {
  const checks = await Promise.all(
    components.map(
      async ([name, component]): Promise<readonly [string, ComponentHealth]> => [name, await component.look()],
    ),
  );
  const reach = coordination?.() ?? 'unknown';
  return {
    status: checks.some(([, { status }]) => status === 'failed') ? 'failed' : 'passed',
    ...revisions?.(),
    ...(reach === 'unknown' ? {} : { coordination: reach }),
    checks: Object.fromEntries(checks),
  };
}
