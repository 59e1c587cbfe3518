import { describe, expect, it } from 'vitest';
import { OperationError } from '../../core/operation/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { OBSERVATION_DEADLINE_MINUTES } from '../../core/routing/switch-observation.ts';
import { createAwaitSwitches } from '../../lambdas/await-switches/await-switches.ts';

/** Route 53 that reports on a check for the first time so many milliseconds after the start, and once a minute since. */
function route53(firstReportMs: Readonly<Record<string, number>>, failures: Error[] = []) {
  let nowMs = 0;
  const asked: string[] = [];
  const clock: Clock = {
    nowEpochMs: () => nowMs,
    sleep: async (milliseconds) => {
      nowMs += milliseconds;
    },
  };
  const observations = {
    minutes: async (id: string) => {
      asked.push(id);
      const failure = failures.pop();
      if (failure !== undefined) throw failure;
      const since = nowMs - (firstReportMs[id] ?? Number.POSITIVE_INFINITY);
      return since < 0 ? 0 : Math.floor(since / 60_000) + 1;
    },
  };
  return { wait: createAwaitSwitches({ clock, observations }), asked, waitedMs: () => nowMs };
}

const ids = (...HealthCheckIds: string[]) => ({ HealthCheckIds });

describe('await-switches', () => {
  it('waits until every new switch has been reported on in two minutes', async () => {
    const { wait, waitedMs } = route53({ a: 60_000, b: 90_000 });
    expect(await wait({ properties: ids('a', 'b'), before: undefined })).toEqual({ observed: ['a', 'b'] });
    expect(waitedMs()).toBe(150_000);
  });

  it('asks nothing about switches that were there before', async () => {
    const { wait, asked, waitedMs } = route53({ b: -300_000 });
    expect(await wait({ properties: ids('a', 'b'), before: ids('a') })).toEqual({ observed: ['b'] });
    expect(new Set(asked)).toEqual(new Set(['b']));
    expect(waitedMs()).toBe(0);
  });

  it('is done at once where nothing is new, as in the rollback of a deployment', async () => {
    const { wait, asked } = route53({});
    await wait({ properties: ids('a'), before: ids('a', 'b') });
    expect(asked).toEqual([]);
  });

  it('fails the deployment when Route 53 stays silent, and says about which check', async () => {
    const { wait, waitedMs } = route53({ a: 0 });
    await expect(wait({ properties: ids('a', 'b'), before: undefined })).rejects.toMatchObject({
      code: 'SWITCHES_NOT_OBSERVED',
      message: expect.stringContaining('health checks b within 10 min'),
    });
    expect(waitedMs()).toBeGreaterThan(OBSERVATION_DEADLINE_MINUTES * 60_000);
  });

  it('asks again where a call gets no answer', async () => {
    const noAnswer = new OperationError('TransientPlatformError', 'TimeoutError: no answer', { retryable: true });
    const { wait, waitedMs } = route53({ a: -300_000 }, [noAnswer, noAnswer]);
    expect(await wait({ properties: ids('a'), before: undefined })).toEqual({ observed: ['a'] });
    expect(waitedMs()).toBe(10_000);
  });

  it('fails at once where it may not ask', async () => {
    const { wait, waitedMs } = route53({ a: 0 }, [new Error('AccessDenied')]);
    await expect(wait({ properties: ids('a'), before: undefined })).rejects.toThrow('AccessDenied');
    expect(waitedMs()).toBe(0);
  });
});
