import type { ProbeResult } from '../../../core/health/check-state.ts';
import { type MetricCheck, metricTestOf } from '../../../core/health/metric-question.ts';
import { type ProbeContext, timeoutMsOf } from './context.ts';
import { broken, judgeValue } from './verdict.ts';

/** Looks at one metric of CloudWatch: no data, and no answer, are unknown and never failed. */
export async function probeCloudWatch(check: MetricCheck, { subject, ports }: ProbeContext): Promise<ProbeResult> {
  const { question, limit, perUnit } = metricTestOf(check, subject.id);
  const answer = await ports.metrics.newest(question, timeoutMsOf(check));
  if (!answer.answered) return broken(answer.reason);
  if (answer.value === undefined) return broken(`${question.metric} has no data in ${question.region}`);
  return judgeValue(question.metric, answer.value / perUnit, limit);
}
