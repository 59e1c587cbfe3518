import type { Check } from '../../core/config/checks.ts';
import { endpointUrl } from '../../core/config/endpoint.ts';
import type { RegionConfig, ResolvedConfig } from '../../core/config/types.ts';
import type { ProbeResult } from '../../core/health/check-state.ts';
import { contractMismatches, parseContractHealth } from '../../core/health/contract.ts';
import type { HttpAnswer, HttpClient, TrafficReading } from '../../core/ports.ts';

/** What one probe needs. */
export interface ProbeContext {
  readonly config: Pick<ResolvedConfig, 'contract'>;
  readonly subject: RegionConfig;
  readonly http: HttpClient;
  /** The subject's contract health document, read once for all checks that look at it. */
  readonly document: () => Promise<HttpAnswer>;
  /** The subject's traffic, read once per round; undefined where the Region's metrics do not answer. */
  readonly traffic: () => Promise<TrafficReading | undefined>;
}

/** Probes a Region once for one check. Never rejects: a probe that breaks says so. */
export async function probe(check: Check, context: ProbeContext): Promise<ProbeResult> {
  const { subject, http, config } = context;
  const timeoutMs = check.timeoutSeconds * 1000;
  switch (check.kind) {
    case 'http':
      return judgeStatus(await http.get(endpointUrl(subject.endpoint, check.path), { timeoutMs }));
    case 'deep':
      return judgeComponent(check.component, { config, answer: await context.document() });
    case 'metric':
      return judgeMetric(check, context);
  }
}

function judgeStatus(answer: HttpAnswer): ProbeResult {
  if (!answer.answered) return failed(answer.reason);
  return answer.status >= 200 && answer.status < 400 ? PASSED : failed(`status ${answer.status}`);
}

/** A document that cannot be read is an answer of the front door, not of the component: unknown, never failed. */
function judgeComponent(
  component: string,
  { config, answer }: { config: ProbeContext['config']; answer: HttpAnswer },
): ProbeResult {
  if (!answer.answered) return failed(answer.reason);
  const health = parseContractHealth(answer.body);
  if (health === undefined) return broken('the contract health document cannot be read');
  const mismatches = contractMismatches(config.contract.expected, answer.body);
  if (mismatches.length > 0) return failed(`contract mismatch: ${mismatches.join(', ')}`);
  const reported = health.checks[component];
  if (reported === undefined || reported.status === 'unknown') return broken(`${component} is not reported`);
  return reported.status === 'passed' ? PASSED : failed(reported.reason ?? `${component} reports itself failed`);
}

async function judgeMetric(
  { metric, above }: Extract<Check, { kind: 'metric' }>,
  context: ProbeContext,
): Promise<ProbeResult> {
  const reading = await context.traffic();
  if (reading === undefined) return broken(`the metrics of ${context.subject.id} do not answer`);
  const value = metric === 'error-rate' ? reading.errorRate : reading.p95Milliseconds;
  if (value === undefined) return broken(`${metric} is not measured`);
  return value > above ? { ...failed(`${metric} ${value} is above ${above}`), value } : { ...PASSED, value };
}

const PASSED: ProbeResult = { result: 'passed', reason: '' };

function failed(reason: string): ProbeResult {
  return { result: 'failed', reason };
}

function broken(reason: string): ProbeResult {
  return { result: 'error', reason };
}
