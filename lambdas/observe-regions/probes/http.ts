import type { CheckOf } from '../../../core/config/checks.ts';
import { endpointUrl } from '../../../core/config/endpoint.ts';
import type { ProbeResult } from '../../../core/health/check-state.ts';
import { type ProbeContext, timeoutMsOf } from './context.ts';
import { failed, PASSED } from './verdict.ts';

/** Asks a path of the endpoint: no answer is a failure, and so is a status that is neither 2xx nor 3xx. */
export async function probeHttp(check: CheckOf<'http'>, { subject, ports }: ProbeContext): Promise<ProbeResult> {
  const answer = await ports.http.get(endpointUrl(subject.endpoint, check.path), { timeoutMs: timeoutMsOf(check) });
  if (!answer.answered) return failed(answer.reason);
  return answer.status >= 200 && answer.status < 400 ? PASSED : failed(`status ${answer.status}`);
}
