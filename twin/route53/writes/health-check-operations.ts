import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { formatProblem, type Problem } from '../../../core/errors.ts';
import type { HealthCheckConfig } from '../../../core/routing/health-check.ts';
import {
  DEFAULT_FAILURE_THRESHOLD,
  DEFAULT_REQUEST_INTERVAL_SECONDS,
  MAX_HEALTH_CHECKS_PER_ACCOUNT,
} from '../../../core/routing/route53-limits.ts';
import { validateHealthCheckConfig } from '../../../core/routing/validate-health-check-config.ts';
import { validateChildren, validateHealthCheckUpdate } from '../../../core/routing/validate-health-checks.ts';
import { healthCheckConfigShape } from '../api-shapes.ts';
import { isEndpointCheck } from '../health/running-check.ts';
import { type Account, createUuid, type HealthCheckState } from './account.ts';
import { type ApiResult, apiError } from './api-error.ts';
import { defineOperation, type Operation, pageOf } from './operation.ts';

/** Health checks on one page, by default and at most (API_ListHealthChecks). */
const DEFAULT_LIST_ITEMS = 100;
const MAX_LIST_ITEMS = 1_000;
const LOCATION = 'https://route53.amazonaws.com/2013-04-01/healthcheck';

const createShape = z.strictObject({
  CallerReference: z.string().min(1).max(64),
  HealthCheckConfig: healthCheckConfigShape,
});

/** Elements that an update can set back to their defaults (API_UpdateHealthCheck, ResetElements). */
const RESETTABLE = ['ChildHealthChecks', 'FullyQualifiedDomainName', 'Regions', 'ResourcePath'] as const;

const updateShape = healthCheckConfigShape.partial().extend({
  HealthCheckId: z.string(),
  HealthCheckVersion: z.number().int().min(1).optional(),
  ResetElements: z.array(z.enum(RESETTABLE)).optional(),
});

const idShape = z.strictObject({ HealthCheckId: z.string() });

/** Creating, changing, showing, listing and deleting health checks. */
export function healthCheckOperations(account: Account): Readonly<Record<string, Operation>> {
  return {
    CreateHealthCheck: defineOperation(createShape, (input) => createCheck(account, input)),
    UpdateHealthCheck: defineOperation(updateShape, (input) => updateCheck(account, input)),
    DeleteHealthCheck: defineOperation(idShape, ({ HealthCheckId }) => deleteCheck(account, HealthCheckId)),
    GetHealthCheck: defineOperation(idShape, ({ HealthCheckId }) => {
      const { output: check, error } = findCheck(account, HealthCheckId);
      return check === undefined ? { error } : { output: { HealthCheck: shown(check) } };
    }),
    ListHealthChecks: defineOperation(
      z.strictObject({ Marker: z.string().optional(), MaxItems: z.coerce.number().int().min(1).optional() }),
      ({ Marker, MaxItems }) => listChecks(account, Marker, MaxItems ?? DEFAULT_LIST_ITEMS),
    ),
    GetHealthCheckStatus: defineOperation(idShape, ({ HealthCheckId }) => statusOf(account, HealthCheckId)),
  };
}

function createCheck(
  account: Account,
  { CallerReference, HealthCheckConfig: given }: z.infer<typeof createShape>,
): ApiResult<unknown> {
  if (account.retiredReferences.has(CallerReference)) return alreadyExists(CallerReference);
  const config = withDefaults(given);
  const existing = [...account.healthChecks.values()].find((check) => check.callerReference === CallerReference);
  if (existing !== undefined) {
    return isDeepStrictEqual(clean(existing.config), clean(config))
      ? { output: { HealthCheck: shown(existing), Location: `${LOCATION}/${existing.id}` } }
      : alreadyExists(CallerReference);
  }
  const problems = [
    ...validateHealthCheckConfig(config, 'HealthCheckConfig'),
    ...validateChildren(config, configsById(account), 'HealthCheckConfig'),
  ];
  if (problems.length > 0) return invalidInput(problems);
  if (account.healthChecks.size >= MAX_HEALTH_CHECKS_PER_ACCOUNT) {
    return apiError('TooManyHealthChecks', `The account has ${MAX_HEALTH_CHECKS_PER_ACCOUNT} health checks already.`);
  }
  const check = { id: createUuid(account.clock.random), callerReference: CallerReference, config, version: 1 };
  putCheck(account, check);
  return { output: { HealthCheck: shown(check), Location: `${LOCATION}/${check.id}` } };
}

function updateCheck(account: Account, input: z.infer<typeof updateShape>): ApiResult<unknown> {
  const { HealthCheckId, HealthCheckVersion, ResetElements = [], ...update } = input;
  const { output: check, error } = findCheck(account, HealthCheckId);
  if (check === undefined) return { error };
  if (HealthCheckVersion !== undefined && HealthCheckVersion !== check.version) {
    return apiError(
      'HealthCheckVersionMismatch',
      `The health check is at version ${check.version}, not ${HealthCheckVersion}.`,
    );
  }
  const kept = Object.fromEntries(
    Object.entries(check.config).filter(
      ([field]) => !RESETTABLE.some((name) => name === field && ResetElements.includes(name)),
    ),
  ) as unknown as HealthCheckConfig;
  const config = { ...kept, ...clean(update) };
  const problems = [
    ...validateHealthCheckUpdate(kept, clean(update), 'HealthCheckConfig'),
    ...validateChildren(config, configsById(account), 'HealthCheckConfig'),
  ];
  if (problems.length > 0) return invalidInput(problems);
  const updated = { ...check, config, version: check.version + 1 };
  putCheck(account, updated);
  return { output: { HealthCheck: shown(updated) } };
}

/** Route 53 deletes a check even while record sets refer to it (API_DeleteHealthCheck). */
function deleteCheck(account: Account, id: string): ApiResult<unknown> {
  const { output: check, error } = findCheck(account, id);
  if (check === undefined) return { error };
  account.healthChecks.delete(id);
  account.retiredReferences.add(check.callerReference);
  account.health.remove(id);
  return { output: {} };
}

function listChecks(account: Account, marker: string | undefined, size: number): ApiResult<unknown> {
  const checks = [...account.healthChecks.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  const start = marker === undefined ? 0 : checks.findIndex(({ id }) => id === marker);
  if (start === -1) return apiError('InvalidInput', `no health check has the id of the marker: ${marker}`);
  const { page, next } = pageOf(checks, start, Math.min(size, MAX_LIST_ITEMS));
  return {
    output: {
      HealthChecks: page.map(shown),
      Marker: marker ?? '',
      IsTruncated: next !== undefined,
      MaxItems: size,
      ...(next === undefined ? {} : { NextMarker: next.id }),
    },
  };
}

function statusOf(account: Account, id: string): ApiResult<unknown> {
  const { output: check, error } = findCheck(account, id);
  if (check === undefined) return { error };
  if (!isEndpointCheck(check.config)) {
    return apiError(
      'InvalidInput',
      `The status of a ${check.config.Type} health check cannot be asked for with this operation.`,
    );
  }
  const observations = account.health.reportsOf(id).map(({ region, ipAddress, report, checkedAtMs }) => ({
    Region: region,
    IPAddress: ipAddress,
    StatusReport: { Status: report, CheckedTime: new Date(checkedAtMs) },
  }));
  return { output: { HealthCheckObservations: observations } };
}

function findCheck(account: Account, id: string): ApiResult<HealthCheckState> {
  const check = account.healthChecks.get(id);
  return check === undefined
    ? apiError('NoSuchHealthCheck', `No health check exists with the ID ${id}.`)
    : { output: check };
}

function putCheck(account: Account, check: HealthCheckState): void {
  account.healthChecks.set(check.id, check);
  account.health.put({ Id: check.id, HealthCheckConfig: check.config });
}

function configsById({ healthChecks }: Account): ReadonlyMap<string, HealthCheckConfig> {
  return new Map([...healthChecks.values()].map(({ id, config }) => [id, config]));
}

/** The settings as the API keeps them: interval and threshold filled in for a check of an endpoint. */
function withDefaults(config: HealthCheckConfig): HealthCheckConfig {
  const filled = {
    RequestInterval: DEFAULT_REQUEST_INTERVAL_SECONDS,
    FailureThreshold: DEFAULT_FAILURE_THRESHOLD,
  };
  return isEndpointCheck(config) ? { ...filled, ...clean(config) } : clean(config);
}

/** The same without fields that are undefined. */
function clean<Shape extends object>(shape: Shape): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Shape;
}

function shown({ id, callerReference, config, version }: HealthCheckState) {
  return { Id: id, CallerReference: callerReference, HealthCheckConfig: config, HealthCheckVersion: version };
}

function invalidInput(problems: readonly Problem[]): ApiResult<never> {
  return apiError('InvalidInput', problems.map(formatProblem).join('\n'));
}

function alreadyExists(reference: string): ApiResult<never> {
  return apiError(
    'HealthCheckAlreadyExists',
    `A health check has already been created with the caller reference ${reference}.`,
  );
}
