import { checksOf } from '../../core/config/accessors.ts';
import { parseEndpoint } from '../../core/config/endpoint.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';

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
  /** Share of requests that fail though everything is up, 0 to 1. */
  readonly errorShare: number;
  /** Sets it; undefined gives the ordinary one back. */
  setErrorShare(share: number | undefined): void;
  /** What the front door answers to a path. */
  answer(path: string): { readonly status: number; readonly body: string };
}

/** None on an ordinary day: a client's outage ends with a success that no failure follows, so every failure must mean something. */
const ORDINARY_ERROR_SHARE = 0;

/** The applications of all Regions. */
export function createApplications(config: ResolvedConfig): ReadonlyMap<string, RegionalApplication> {
  return new Map(
    config.regions.map(({ id, endpoint }) => [
      id,
      createApplication(config, { id, host: parseEndpoint(endpoint).host }),
    ]),
  );
}

function createApplication(config: ResolvedConfig, { id, host }: { id: string; host: string }): RegionalApplication {
  const components = checksOf(config).flatMap(({ check }) => (check.kind === 'deep' ? [check.component] : []));
  const down = new Set<string>();
  let up = true;
  let errorShare = ORDINARY_ERROR_SHARE;
  const deepHealth = () => ({
    status: down.size === 0 ? 'passed' : 'failed',
    ...config.contract.expected,
    checks: Object.fromEntries(
      components.map((component) => [component, { status: down.has(component) ? 'failed' : 'passed' }]),
    ),
  });
  return {
    region: id,
    host,
    frontDoorUp: () => up,
    setFrontDoor: (isUp) => {
      up = isUp;
    },
    isUp: (component) => !down.has(component),
    setComponent: (component, isUp) => void (isUp ? down.delete(component) : down.add(component)),
    get errorShare() {
      return errorShare;
    },
    setErrorShare: (share) => {
      errorShare = share ?? ORDINARY_ERROR_SHARE;
    },
    answer: (path) =>
      path === config.contract.path
        ? { status: 200, body: JSON.stringify(deepHealth()) }
        : { status: 200, body: '{"status":"passed"}' },
  };
}
