import type { Problem } from '../errors.ts';
import type { HealthCheck, HealthCheckConfig } from './health-check.ts';
import { MAX_CHILD_HEALTH_CHECKS } from './route53-limits.ts';
import { validateHealthCheckConfig } from './validate-health-check-config.ts';

/** Fields that no update can change, and how a check says where its endpoint is (rule 18). */
const IMMUTABLE: readonly (keyof HealthCheckConfig)[] = [
  'Type',
  'RequestInterval',
  'MeasureLatency',
  'RoutingControlArn',
];

/**
 * Every reason for which Route 53 would refuse these health checks as the whole of an account, with paths such as
 * `HealthChecks[2].HealthCheckConfig.RequestInterval`. Never throws.
 */
export function validateHealthChecks(healthChecks: readonly HealthCheck[]): readonly Problem[] {
  const byId = new Map(healthChecks.map((check) => [check.Id, check.HealthCheckConfig]));
  return healthChecks.flatMap(({ Id, HealthCheckConfig: config }, index) => {
    const path = `HealthChecks[${index}]`;
    const first = healthChecks.findIndex((other) => other.Id === Id);
    const taken = { path: `${path}.Id`, message: `the id is taken by HealthChecks[${first}]`, value: Id };
    return [
      ...(first < index ? [taken] : []),
      ...validateHealthCheckConfig(config, `${path}.HealthCheckConfig`),
      ...validateChildren(config, byId, `${path}.HealthCheckConfig`),
    ];
  });
}

/** What Route 53 would refuse about the children of a calculated check, given all checks by id. Never throws. */
export function validateChildren(
  config: HealthCheckConfig,
  byId: ReadonlyMap<string, HealthCheckConfig>,
  path: string,
): readonly Problem[] {
  const children = config.ChildHealthChecks ?? [];
  const problems: Problem[] = [];
  if (children.length > MAX_CHILD_HEALTH_CHECKS) {
    const message = `the check has ${children.length} children`;
    const allowed = `at most ${MAX_CHILD_HEALTH_CHECKS}`;
    problems.push({ path: `${path}.ChildHealthChecks`, message, allowed, source: 'DNSLimitations' });
  }
  for (const [index, id] of children.entries()) {
    const problem = { path: `${path}.ChildHealthChecks[${index}]`, value: id, source: 'health-checks-creating-values' };
    const child = byId.get(id);
    if (children.indexOf(id) < index) problems.push({ ...problem, message: 'the child is listed twice' });
    if (child === undefined) problems.push({ ...problem, message: 'no health check has this id' });
    else if (child.Type === 'CALCULATED') {
      const remedy = 'name the checks that it calculates from';
      problems.push({ ...problem, message: 'a calculated check cannot be the child of another', remedy });
    }
  }
  return problems;
}

/**
 * What Route 53 would refuse about a change of settings: a field that is fixed at creation, a switch between naming the
 * endpoint by address and by name, and whatever is wrong with the outcome. Never throws.
 */
export function validateHealthCheckUpdate(
  current: HealthCheckConfig,
  update: Partial<HealthCheckConfig>,
  path: string,
): readonly Problem[] {
  const fixed = IMMUTABLE.filter((field) => update[field] !== undefined && update[field] !== current[field]);
  const gainsAddress = update.IPAddress !== undefined && current.IPAddress === undefined;
  return [
    ...[...fixed, ...(gainsAddress ? (['IPAddress'] as const) : [])].map((field) => ({
      path: `${path}.${field}`,
      message: 'the field cannot be changed after creation',
      value: update[field],
      remedy: 'create another health check and swap it in',
      source: 'health-checks-creating-values',
    })),
    ...validateHealthCheckConfig({ ...current, ...update, Type: current.Type }, path),
  ];
}
