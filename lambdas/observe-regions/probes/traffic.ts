import type { CheckOf } from '../../../core/config/checks.ts';
import type { ProbeResult } from '../../../core/health/check-state.ts';
import type { ProbeContext } from './context.ts';
import { broken, judgeValue } from './verdict.ts';

/** Looks at what the Region publishes about its traffic; what is not measured is unknown. */
export async function probeTraffic(
  { metric, above }: CheckOf<'metric'>,
  { traffic, subject }: ProbeContext,
): Promise<ProbeResult> {
  const reading = await traffic();
  if (reading === undefined) return broken(`the metrics of ${subject.id} do not answer`);
  const value = metric === 'error-rate' ? reading.errorRate : reading.p95Milliseconds;
  return value === undefined ? broken(`${metric} is not measured`) : judgeValue(metric, value, { above });
}
