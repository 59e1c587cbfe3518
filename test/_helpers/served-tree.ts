import { homeRegion } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Problem } from '../../core/errors.ts';
import { compileRecordTree } from '../../core/routing/compile/index.ts';
import { recordTypeOf } from '../../core/routing/compile/weighted-group.ts';
import type { HealthCheck, HealthCheckConfig } from '../../core/routing/health-check.ts';
import type { RecordTree } from '../../core/routing/record-tree.ts';
import { validateHealthChecks } from '../../core/routing/validate-health-checks.ts';
import { validateRecordSets } from '../../core/routing/validate-record-sets.ts';
import type { Weights } from '../../core/routing/weights.ts';
import { homeWeights } from '../../core/routing/weights.ts';
import type { DnsClient } from '../../twin/route53/answering/dns-client.ts';
import type { ProbeObservation } from '../../twin/route53/health/probe-verdict.ts';
import { createRoute53, type Route53 } from '../../twin/route53/route53.ts';
import { DEPLOYMENT } from './config.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

const LOCATION = 'here';
/** Three failed probes of a check with the fast interval, and the way of the verdict to the answers. */
const SETTLED_AFTER_MS = 45_000;

/** The tree of an application that has never moved, unless weights are given. */
export function treeOf(
  config: ResolvedConfig,
  weights: Weights = homeWeights(config, homeRegion(config).id),
): RecordTree {
  return compileRecordTree(config, DEPLOYMENT, weights);
}

/** Everything for which Route 53 would refuse a tree. */
export function problemsOfTree(config: ResolvedConfig, tree: RecordTree): readonly Problem[] {
  const healthChecks = checksOf(tree);
  const hostedZone = { Id: config.hostedZoneId, Name: tree.hostedZoneName };
  return [...validateRecordSets(tree.records, { hostedZone, healthChecks }), ...validateHealthChecks(healthChecks)];
}

function checksOf({ healthChecks }: RecordTree): readonly HealthCheck[] {
  return healthChecks.map(({ id, config }) => ({ Id: id, HealthCheckConfig: config }));
}

/** What is the matter in the world: Regions that were evacuated, and front doors that do not answer. */
export interface Trouble {
  readonly evacuated?: readonly string[];
  readonly down?: readonly string[];
}

/** A tree in force, and what is answered for the application's name. */
export interface ServedTree {
  readonly route53: Route53;
  readonly clock: VirtualClock;
  /** The share of every value among the answers, exactly. */
  shares(client?: DnsClient): Readonly<Record<string, number>>;
}

/** Puts the tree of a config in force in the Route 53 twin and waits until its health checks have settled. */
export function serveTree(config: ResolvedConfig, tree: RecordTree, trouble: Trouble = {}): ServedTree {
  const clock = createVirtualClock();
  const world = { probe: (check: HealthCheckConfig) => observe(config, trouble, check) };
  const route53 = createRoute53({ clock, world, locations: [LOCATION] });
  const hostedZone = { Id: config.hostedZoneId, Name: tree.hostedZoneName };
  route53.install({ hostedZone, recordSets: tree.records, healthChecks: checksOf(tree) });
  clock.runUntil(SETTLED_AFTER_MS);
  const question = { name: config.record, type: recordTypeOf(config) };
  return {
    route53,
    clock,
    shares: (client = {}) => {
      const shares: Record<string, number> = {};
      const { outcomes } = route53.distribution({ location: LOCATION, question, client, nowMs: clock.now() });
      for (const { probability, from, take } of outcomes) {
        for (const value of from.flatMap(({ values }) => values)) {
          shares[value] = (shares[value] ?? 0) + (probability * take) / from.length;
        }
      }
      return shares;
    },
  };
}

/** Guardians answer with the marker of what was evacuated; front doors answer unless they are down. */
function observe(
  config: ResolvedConfig,
  { evacuated = [], down = [] }: Trouble,
  check: HealthCheckConfig,
): ProbeObservation {
  const region = config.regions.find(({ id }) => check.ResourcePath === `/${names.evacuationKey(config, id)}`)?.id;
  if (region !== undefined) {
    const isOut = evacuated.includes(region);
    return {
      connectMs: 1,
      responseMs: 1,
      statusCode: isOut ? 200 : 404,
      bodyMs: 1,
      body: isOut ? (check.SearchString ?? '') : '',
    };
  }
  const host = check.IPAddress ?? check.FullyQualifiedDomainName ?? '';
  const isDown = config.regions.some(
    ({ id, endpoint }) => down.includes(id) && JSON.stringify(endpoint).includes(host),
  );
  return isDown ? { fault: 'no answer' } : { connectMs: 1, responseMs: 1, statusCode: 200 };
}
