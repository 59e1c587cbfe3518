import type { CheckOf } from '../../../core/config/checks.ts';
import { textFor } from '../../../core/config/regional.ts';
import type { ProbeResult } from '../../../core/health/check-state.ts';
import { prometheusUrl, readPrometheusAnswer } from '../../../core/health/prometheus-answer.ts';
import { type ProbeContext, timeoutMsOf } from './context.ts';
import { broken, judgeValue } from './verdict.ts';

/** Asks Prometheus, which is not the Region: where it does not answer, or has no value, the check is unknown. */
export async function probePrometheus(
  check: CheckOf<'prometheus'>,
  { subject, ports }: ProbeContext,
): Promise<ProbeResult> {
  const url = prometheusUrl(textFor(check.url, subject.id), textFor(check.query, subject.id));
  const answer = await ports.http.get(url, { timeoutMs: timeoutMsOf(check) });
  if (!answer.answered) return broken(answer.reason);
  if (answer.status < 200 || answer.status > 299) return broken(`the query was answered with status ${answer.status}`);
  const read = readPrometheusAnswer(answer.body);
  return 'value' in read ? judgeValue('the query gave', read.value, check) : broken(read.reason);
}
