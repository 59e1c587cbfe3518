import { describe, expect, it } from 'vitest';
import { proveRecovery } from '../../../core/failback/proven-recovery.ts';
import type { Assessment } from '../../../core/health/assess.ts';
import { testConfig } from '../../_helpers/config.ts';
import { assessmentOf, NOW } from '../../_helpers/observations.ts';

/** All critical checks passed since so many milliseconds ago, one of them since less. */
function healthyFor(milliseconds: number): Assessment {
  const assessment = assessmentOf(testConfig());
  const checks = assessment.checks.map((check) =>
    check.name === 'payment-service' ? { ...check, sinceEpochMs: NOW - milliseconds } : check,
  );
  return { ...assessment, checks };
}

describe('a recovery', () => {
  it.each([
    { ms: 1_798_999, proven: false },
    { ms: 1_799_999, proven: false },
    { ms: 1_800_000, proven: true },
    { ms: 1_800_001, proven: true },
  ])('is proven after 30 min by quorum, not $ms ms: $proven', ({ ms, proven }) => {
    expect(proveRecovery(healthyFor(ms), 30).proven).toBe(proven);
  });

  it('says for how long it has been, and for how long it still has to be', () => {
    expect(proveRecovery(healthyFor(3_600_000), 30)).toEqual({ proven: true, healthyForSeconds: 3600 });
    expect(proveRecovery(healthyFor(1_000_500), 30)).toEqual({
      proven: false,
      reason: 'healthy by quorum for 1000 s, 1800 s are asked for; start again in 800 s',
    });
  });

  it('may be asked for no time at all, and then only has to be there', () => {
    expect(proveRecovery(healthyFor(0), 0)).toEqual({ proven: true, healthyForSeconds: 0 });
  });

  it('is not proven while a critical check is failed or unknown', () => {
    const checks = { 'order-service': 'failed', 'cache-cluster': 'unknown', 'error-rate': 'failed' } as const;
    expect(proveRecovery(assessmentOf(testConfig(), { checks }), 0)).toEqual({
      proven: false,
      reason: 'not healthy by quorum: cache-cluster unknown; order-service failed (is failed)',
    });
  });
});
