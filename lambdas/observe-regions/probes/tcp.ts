import type { CheckOf } from '../../../core/config/checks.ts';
import type { ProbeResult } from '../../../core/health/check-state.ts';
import { tcpPeerOf } from '../../../core/health/peer.ts';
import { type ProbeContext, timeoutMsOf } from './context.ts';
import { broken, failed, PASSED } from './verdict.ts';

/** Connects: a peer that refuses or stays silent has failed; where this side could not try, nothing was learned. */
export async function probeTcp(check: CheckOf<'tcp'>, { subject, ports }: ProbeContext): Promise<ProbeResult> {
  const answer = await ports.tcp.connect({ ...tcpPeerOf(check, subject), timeoutMs: timeoutMsOf(check) });
  if (!answer.answered) return broken(answer.reason);
  return answer.accepted ? PASSED : failed(answer.reason);
}
