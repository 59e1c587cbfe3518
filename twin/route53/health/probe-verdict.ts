import type { HealthCheckConfig, HealthCheckType } from '../../../core/routing/health-check.ts';
import { CHECKER_CONNECT_SECONDS, CHECKER_RESPONSE_SECONDS } from '../../../core/routing/route53-limits.ts';

/** Milliseconds for the TCP connection of an HTTP(S) check (dns-failover-determining-health-of-endpoints). */
export const HTTP_CONNECT_TIMEOUT_MS = CHECKER_CONNECT_SECONDS * 1000;
/** Milliseconds from the connection to the status code (same page). */
export const HTTP_RESPONSE_TIMEOUT_MS = CHECKER_RESPONSE_SECONDS * 1000;
/** Milliseconds from the status code to the body that is searched (same page). */
export const BODY_TIMEOUT_MS = 2_000;
/** Milliseconds for the connection of a TCP check (same page). */
export const TCP_CONNECT_TIMEOUT_MS = 10_000;
/** Bytes of the body, from its beginning, in which the search string must lie entirely (same page). */
export const SEARCHED_BODY_BYTES = 5_120;

/**
 * What one attempt to reach an endpoint gave, in milliseconds each from the step before. Leave out what never came.
 * Certificates are not validated, so an expired one changes nothing (rule 16).
 */
export interface ProbeObservation {
  readonly connectMs?: number;
  readonly responseMs?: number;
  readonly statusCode?: number;
  readonly bodyMs?: number;
  readonly body?: string;
  /** What failed before a connection, e.g. `DNS resolution failed`. */
  readonly fault?: string;
}

/** What a checker makes of one attempt. */
export interface ProbeVerdict {
  readonly passed: boolean;
  /** Milliseconds that the checker spent, timeouts included. */
  readonly tookMs: number;
  /** As `GetHealthCheckStatus` reports it. */
  readonly report: string;
}

const MATCHING: readonly HealthCheckType[] = ['HTTP_STR_MATCH', 'HTTPS_STR_MATCH'];

/** Judges one attempt by the rules for the check's type. */
export function judgeProbe(config: HealthCheckConfig, observation: ProbeObservation): ProbeVerdict {
  if (observation.fault !== undefined) return failure(0, observation.fault);
  const { connectMs } = observation;
  const connectTimeout = config.Type === 'TCP' ? TCP_CONNECT_TIMEOUT_MS : HTTP_CONNECT_TIMEOUT_MS;
  if (!isInTime(connectMs, connectTimeout))
    return failure(connectTimeout, 'The health checker could not connect in time.');
  if (config.Type === 'TCP') return { passed: true, tookMs: connectMs, report: 'Success: TCP connection established' };
  return judgeResponse(config, observation, connectMs);
}

function judgeResponse(config: HealthCheckConfig, observation: ProbeObservation, spentMs: number): ProbeVerdict {
  const { responseMs, statusCode } = observation;
  if (!isInTime(responseMs, HTTP_RESPONSE_TIMEOUT_MS) || statusCode === undefined) {
    return failure(spentMs + HTTP_RESPONSE_TIMEOUT_MS, 'The HTTP response did not arrive in time.');
  }
  const tookMs = spentMs + responseMs;
  if (statusCode < 200 || statusCode >= 400) return failure(tookMs, `HTTP Status Code ${statusCode}`);
  if (!MATCHING.includes(config.Type))
    return { passed: true, tookMs, report: `Success: HTTP Status Code ${statusCode}` };
  return judgeBody(config.SearchString ?? '', observation, tookMs);
}

function judgeBody(searched: string, { body, bodyMs }: ProbeObservation, spentMs: number): ProbeVerdict {
  if (!isInTime(bodyMs, BODY_TIMEOUT_MS) || body === undefined) {
    return failure(spentMs + BODY_TIMEOUT_MS, 'The response body did not arrive in time.');
  }
  const tookMs = spentMs + bodyMs;
  return Buffer.from(body).subarray(0, SEARCHED_BODY_BYTES).includes(searched)
    ? { passed: true, tookMs, report: 'Success: the search string was found' }
    : failure(tookMs, 'The search string was not found in the response body.');
}

function isInTime(durationMs: number | undefined, limitMs: number): durationMs is number {
  return durationMs !== undefined && durationMs <= limitMs;
}

function failure(tookMs: number, report: string): ProbeVerdict {
  return { passed: false, tookMs, report: `Failure: ${report}` };
}
