import type { CheckOf } from '../../../core/config/checks.ts';
import type { ProbeResult } from '../../../core/health/check-state.ts';
import { tlsPeerOf } from '../../../core/health/peer.ts';
import { type ProbeContext, timeoutMsOf } from './context.ts';
import { broken, judgeValue } from './verdict.ts';

const DAY_MS = 86_400_000;

/** Counts the full days that the certificate stays valid; one that is not shown has none to count, so it is unknown. */
export async function probeTlsExpiry(
  check: CheckOf<'tls-expiry'>,
  { config, subject, ports }: ProbeContext,
): Promise<ProbeResult> {
  const peer = tlsPeerOf(check, { subject, record: config.record });
  const answer = await ports.tls.certificate({ ...peer, timeoutMs: timeoutMsOf(check) });
  if (!answer.answered) return broken(answer.reason);
  const days = Math.floor((answer.validToEpochMs - ports.clock.nowEpochMs()) / DAY_MS);
  return judgeValue('days left of the certificate:', days, { below: check.minimumDays });
}
