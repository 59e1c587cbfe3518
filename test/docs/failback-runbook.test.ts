import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { copyLagProblem } from '../../core/failback/copy-lag.ts';
import { judgeRung, type RungSight } from '../../core/failback/rung-guard.ts';
import { testConfig } from '../_helpers/config.ts';
import { assessmentOf } from '../_helpers/observations.ts';

/** What the runbook says of reasons, as patterns: in code, with "…" and "<name>" for what differs. */
const PATTERNS: readonly RegExp[] = readFileSync('docs/runbooks/failback.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => patternOf(code)));

function patternOf(code: string): RegExp {
  return new RegExp(
    code
      .split(/…|<\w+>/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
}

const config = testConfig();
const capped = { ...config, failback: { ...config.failback, requestCaps: { '10': 50 } } };
const sound: RungSight = {
  ...{ percent: 10, elapsedSeconds: 1_800, original: assessmentOf(config) },
  ...{ errorPercent: 0, p95Milliseconds: 100, observedSharePercent: 10, requestsPerSecond: 40 },
};
const { errorPercent: _, ...unmeasured } = sound;

const reasonsOf = (sight: RungSight): readonly string[] => {
  const verdict = judgeRung(capped, sight);
  return verdict.kind === 'breach' ? verdict.reasons : [];
};
const lagOf = (seconds: number | undefined, measuredAtEpochMs = 1_000_000): string | undefined =>
  copyLagProblem({
    lag: seconds === undefined ? undefined : { seconds, measuredAtEpochMs },
    into: 'ap-southeast-1',
    allowedSeconds: 5,
    nowEpochMs: 1_000_000,
  });

describe('docs/runbooks/failback.md', () => {
  it.each([
    ['a lag that is too long', [lagOf(9)]],
    ['a lag that is not measured', [lagOf(undefined)]],
    ['a lag that was measured long ago', [lagOf(1, 0)]],
    ['errors', reasonsOf({ ...sound, errorPercent: 9 })],
    ['slow answers', reasonsOf({ ...sound, p95Milliseconds: 9_000 })],
    ['a share that does not arrive', reasonsOf({ ...sound, observedSharePercent: 2 })],
    ['load above the cap of a rung', reasonsOf({ ...sound, requestsPerSecond: 60 })],
    ['a retry storm', reasonsOf({ ...sound, attemptsPerRequest: { 'ap-southeast-1': 9 } })],
    ['what is not measured', reasonsOf(unmeasured)],
    ['content that differs', reasonsOf({ ...sound, brokenParity: ['parity of index is broken: other'] })],
  ])('says what to do about %s', (_what, reasons) => {
    expect(reasons).toHaveLength(1);
    for (const reason of reasons) {
      expect(PATTERNS.filter((pattern) => pattern.test(reason ?? '')).map(String), reason).not.toEqual([]);
    }
  });

  it('would be missed: a reason that no row has is found out', () => {
    expect(PATTERNS.some((pattern) => pattern.test('the moon is full'))).toBe(false);
  });
});
