import { RefusedInputError } from '../../core/errors.ts';
import { canonicalName } from '../../core/routing/dns-name.ts';
import type { HealthCheck } from '../../core/routing/health-check.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import { validateHealthChecks } from '../../core/routing/validate-health-checks.ts';
import { bareZoneId, validateRecordSets } from '../../core/routing/validate-record-sets.ts';
import { withApexRecords } from './answering/default-apex-records.ts';
import type { Distribution } from './answering/distribution.ts';
import { type DnsClient, UNKNOWN_CLIENT } from './answering/dns-client.ts';
import { createNameServers, type Query } from './answering/name-servers.ts';
import type { DnsAnswer } from './answering/sample.ts';
import { createZoneIndex } from './answering/zone-index.ts';
import { createHealthService, type HealthService } from './health/health-service.ts';
import type { ClockPorts, DnsLocation, WorldPorts } from './ports.ts';
import { findUnmodelled } from './unmodelled.ts';
import type { Account } from './writes/account.ts';
import { recordSetKey } from './writes/change-batch.ts';
import { type ControlPlane, createControlPlane } from './writes/control-plane.ts';

/** What the twin is given from outside. */
export interface Route53Options {
  readonly clock: ClockPorts;
  readonly world: WorldPorts;
  /** Where DNS queries are answered; at least one. */
  readonly locations: readonly DnsLocation[];
  /** The draws of `answer`, apart from all others so that more queries change nothing else; the clock's by default. */
  readonly randomForAnswers?: () => number;
  /** Told whenever a location's answers may have changed: a verdict or a zone version has reached it. */
  readonly onAnswersChange?: (location: DnsLocation, nowMs: number) => void;
  /** Who is behind an address or subnet; only `TestDNSAnswer` asks. */
  readonly clientAt?: (cidr: string) => DnsClient;
}

/** A zone and health checks that exist before the story begins. */
export interface InitialContent {
  readonly hostedZone: { readonly Id: string; readonly Name: string };
  readonly recordSets: readonly ResourceRecordSet[];
  readonly healthChecks?: readonly HealthCheck[];
}

/** One account's Route 53: the control plane that is written to, and the data plane that probes and answers. */
export interface Route53 {
  readonly controlPlane: ControlPlane;
  /** Draws one answer. Fast: distributions are kept until a zone or a verdict changes at the location. */
  answer(query: Query): DnsAnswer;
  /** The exact distribution that `answer` draws from. */
  distribution(query: Query): Distribution;
  /** Whether a location counts a health check as healthy now. */
  isHealthy(location: DnsLocation, healthCheckId: string): boolean;
  /** What the checkers of a check last found, without the API and its limits. */
  reportsOf: HealthService['reportsOf'];
  setTargetHealth: HealthService['setTargetHealth'];
  reaggregate: HealthService['reaggregate'];
  /**
   * Puts a zone and its health checks in force everywhere at once, without the API and its limits.
   *
   * @throws RefusedInputError with every reason for which Route 53 would not take them
   */
  install(content: InitialContent): void;
}

/** Creates an empty account. All time and chance come from `clock`, so equal seeds give equal stories. */
export function createRoute53(options: Route53Options): Route53 {
  const { clock, world, locations, randomForAnswers = clock.random, clientAt = () => UNKNOWN_CLIENT } = options;
  const announce = options.onAnswersChange ?? (() => undefined);
  const onChange = (location: DnsLocation): void => {
    nameServers.forget(location);
    announce(location, clock.now());
  };
  const health = createHealthService({ clock, world, locations, onChange });
  const nameServers = createNameServers(
    locations,
    (location) => health.viewAt(location),
    (location, atMs) => clock.at(atMs, (nowMs) => announce(location, nowMs)),
  );
  const account: Account = {
    clock,
    locations,
    nameServers,
    health,
    clientAt,
    zones: new Map(),
    healthChecks: new Map(),
    changes: new Map(),
    retiredReferences: new Set(),
  };
  return {
    controlPlane: createControlPlane(account),
    answer: (query) => nameServers.answer(query, randomForAnswers),
    distribution: (query) => nameServers.distribution(query),
    isHealthy: (location, healthCheckId) => health.viewAt(location).isHealthy(healthCheckId),
    reportsOf: health.reportsOf,
    setTargetHealth: health.setTargetHealth,
    reaggregate: health.reaggregate,
    install: (content) => install(account, content),
  };
}

function install(account: Account, { hostedZone, recordSets, healthChecks = [] }: InitialContent): void {
  const known = [...[...account.healthChecks.values()].map(({ id }) => ({ Id: id })), ...healthChecks];
  const problems = [
    ...validateRecordSets(recordSets, { hostedZone, healthChecks: known }),
    ...validateHealthChecks(healthChecks),
    ...findUnmodelled(recordSets),
  ];
  if (problems.length > 0) throw new RefusedInputError(`hosted zone ${hostedZone.Name}`, problems);
  for (const check of healthChecks) {
    const { Id: id, HealthCheckConfig: config } = check;
    account.healthChecks.set(id, { id, callerReference: id, config, version: 1 });
    account.health.put(check);
  }
  const id = bareZoneId(hostedZone.Id);
  const apex = canonicalName(hostedZone.Name);
  const complete = withApexRecords(recordSets, apex);
  account.zones.set(id, {
    id,
    apex,
    callerReference: id,
    comment: undefined,
    isPrivate: false,
    content: new Map(complete.map((recordSet) => [recordSetKey(recordSet), recordSet])),
    protections: new Map(),
    busyUntilMs: 0,
  });
  account.nameServers.publish({ zoneId: id, zone: createZoneIndex(complete, apex), acceptedAtMs: account.clock.now() });
}
