import type { CheckOf } from '../../../core/config/checks.ts';
import type { ProbeResult } from '../../../core/health/check-state.ts';
import { contractMismatches, parseContractHealth } from '../../../core/health/contract.ts';
import type { HttpAnswer } from '../../../core/ports.ts';
import type { ProbeContext } from './context.ts';
import { broken, failed, PASSED } from './verdict.ts';

/** Looks for a component in the contract health document. */
export async function probeDeep(
  { component }: CheckOf<'deep'>,
  { config, document }: ProbeContext,
): Promise<ProbeResult> {
  return judgeComponent(component, { config, answer: await document() });
}

/** A document that cannot be read is an answer of the front door, not of the component: unknown, never failed. */
function judgeComponent(
  component: string,
  { config, answer }: { config: ProbeContext['config']; answer: HttpAnswer },
): ProbeResult {
  if (!answer.answered) return failed(answer.reason);
  const health = parseContractHealth(answer.body);
  if (health === undefined) return broken('the contract health document cannot be read');
  const mismatches = contractMismatches(config.contract.expected, health);
  if (mismatches.length > 0) return { ...failed(`contract mismatch: ${mismatches.join(', ')}`), mismatch: true };
  const reported = health.checks[component];
  if (reported === undefined || reported.status === 'unknown') return broken(`${component} is not reported`);
  return reported.status === 'passed' ? PASSED : failed(reported.reason ?? `${component} reports itself failed`);
}
