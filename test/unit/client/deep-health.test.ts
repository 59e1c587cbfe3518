import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ComponentCheck } from '../../../client/health/component.ts';
import { createDeepHealth, DEFAULT_PATH, LOOK_TIMES } from '../../../client/health/deep-health.ts';
import type { CoordinationReach } from '../../../client/write-fence.ts';
import { DEFAULT_CHECKS } from '../../../core/config/checks.ts';
import { parseContractHealth } from '../../../core/health/contract.ts';
import storefront from '../../../switchyard.config.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const works: ComponentCheck = async () => undefined;
const hangs: ComponentCheck = () => new Promise<void>(() => undefined);

/** What a component is said to be, given its check; the time that a look may take passes. */
async function said(check: ComponentCheck) {
  const asked = createDeepHealth({ components: { search: check } }).document();
  await vi.advanceTimersByTimeAsync(LOOK_TIMES.budgetMs);
  return (await asked).checks['search'];
}

describe('the document of an application', () => {
  it('is one that observers read, with all that the application tells', async () => {
    const health = createDeepHealth({
      components: {
        'database-writer': works,
        'order-service': async () => ({ instances: 10, healthyInstances: 9 }),
        search: async () => ({ status: 'unknown', reason: 'not asked yet' }),
        'dedupe-store': async () => ({ warm: true }),
      },
      revisions: () => ({ schema_rev: '42', index_hash: 'abc' }),
      coordination: () => 'reachable',
    });
    const { status, body } = await health.answer(DEFAULT_PATH);
    expect(status).toBe(200);
    expect(parseContractHealth(body)).toEqual({
      status: 'passed',
      schema_rev: '42',
      index_hash: 'abc',
      coordination: 'reachable',
      checks: {
        'database-writer': { status: 'passed' },
        'order-service': { status: 'passed', instances: 10, healthyInstances: 9 },
        search: { status: 'unknown', reason: 'not asked yet' },
        'dedupe-store': { status: 'passed', warm: true },
      },
    });
  });

  it('is failed where one component is, and answered with 200 all the same', async () => {
    const health = createDeepHealth({ components: { good: works, bad: async () => ({ status: 'failed' }) } });
    expect((await health.document()).status).toBe('failed');
    expect((await health.answer(DEFAULT_PATH)).status).toBe(200);
  });

  it.each<{ reach: CoordinationReach; told: string | undefined }>([
    { reach: 'reachable', told: 'reachable' },
    { reach: 'unreachable', told: 'unreachable' },
    { reach: 'unknown', told: undefined },
  ])('says of the coordination table what is known: $reach', async ({ reach, told }) => {
    const health = createDeepHealth({ components: {}, coordination: () => reach });
    expect((await health.document()).coordination).toBe(told);
  });

  it('is served where the config looks for it, and nowhere else', async () => {
    expect(DEFAULT_PATH).toBe(storefront.contract.path);
    const health = createDeepHealth({ components: {} });
    expect(await health.answer('/health')).toMatchObject({ status: 404 });
    expect(await createDeepHealth({ components: {}, path: '/deep' }).answer('/deep')).toMatchObject({ status: 200 });
  });

  it('is missing, with an error that is no document, where the revisions cannot be told', async () => {
    const health = createDeepHealth({
      components: {},
      revisions: () => {
        throw new Error('no manifest');
      },
    });
    const { status, body } = await health.answer(DEFAULT_PATH);
    expect(status).toBe(500);
    expect(parseContractHealth(body)).toBeUndefined();
  });
});

describe('a component', () => {
  it.each([
    { what: 'throws', check: () => Promise.reject(new Error('no route')), reason: 'no route' },
    {
      what: 'throws at once',
      check: () => {
        throw new Error('not set up');
      },
      reason: 'not set up',
    },
    { what: 'throws a text', check: () => Promise.reject('gone'), reason: 'gone' },
    { what: 'takes too long', check: hangs, reason: `no answer within ${LOOK_TIMES.timeoutMs} ms` },
  ])('whose check $what is failed, with the reason', async ({ check, reason }) => {
    expect(await said(check)).toEqual({ status: 'failed', reason });
  });

  it('that tells more than 200 characters is cut short', async () => {
    const told = await said(async () => ({ status: 'failed', reason: 'x'.repeat(201) }));
    expect(told?.reason).toHaveLength(200);
  });

  it.each([
    { instances: -1, healthyInstances: 0 },
    { instances: 10, healthyInstances: 2.5 },
    { instances: Number.NaN, healthyInstances: 1 },
    { instances: 2, healthyInstances: -1 },
  ])('whose counts cannot be is unknown, and the document can be read: %j', async (counts) => {
    const health = createDeepHealth({ components: { search: async () => counts, other: works } });
    const { checks } = parseContractHealth((await health.answer(DEFAULT_PATH)).body) ?? {};
    expect(checks?.['search']?.status).toBe('unknown');
    expect(checks?.['other']?.status).toBe('passed');
  });

  it.each([
    { what: 'its own', timeoutMs: 3_000, endsAfterMs: 3_000 },
    { what: 'no more than the budget', timeoutMs: 60_000, endsAfterMs: LOOK_TIMES.budgetMs },
  ])('is given $what time', async ({ timeoutMs, endsAfterMs }) => {
    const health = createDeepHealth({ components: { search: { check: hangs, timeoutMs } } });
    let over = false;
    void health.document().then(() => {
      over = true;
    });
    await vi.advanceTimersByTimeAsync(endsAfterMs - 1);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(over).toBe(true);
  });

  it('is told when nobody waits for it any more', async () => {
    let signal: AbortSignal | undefined;
    await said((given) => {
      signal = given;
      return new Promise<void>(() => undefined);
    });
    expect(signal?.aborted).toBe(true);
  });

  it('leaves no timer behind', async () => {
    await createDeepHealth({ components: { search: works } }).document();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('components that are asked often', () => {
  it('are looked at side by side', async () => {
    const slow: ComponentCheck = () => new Promise<void>((resolve) => void setTimeout(resolve, 1_500));
    const health = createDeepHealth({ components: { a: slow, b: slow, c: slow } });
    const asked = health.document();
    await vi.advanceTimersByTimeAsync(1_500);
    expect((await asked).status).toBe('passed');
  });

  it('are looked at once for all who ask at once, and again a second later', async () => {
    const check = vi.fn(works);
    const health = createDeepHealth({ components: { search: check } });
    await Promise.all([health.document(), health.document(), health.document()]);
    await vi.advanceTimersByTimeAsync(LOOK_TIMES.cacheMs - 1);
    await health.document();
    expect(check).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    await health.document();
    expect(check).toHaveBeenCalledTimes(2);
  });

  it('are asked a second time only long after the first was told to give up', async () => {
    const check = vi.fn(hangs);
    const health = createDeepHealth({ components: { search: check } });
    for (let asked = 0; asked < 5; asked++) {
      const document = health.document();
      await vi.advanceTimersByTimeAsync(LOOK_TIMES.timeoutMs + LOOK_TIMES.cacheMs);
      expect((await document).checks['search']?.status).toBe('failed');
    }
    // At the first look, and at every second one after it: each is let go when it has taken twice its time.
    expect(check).toHaveBeenCalledTimes(3);
  });

  it('are looked at anew after a document that failed to be made', async () => {
    let broken = true;
    const health = createDeepHealth({
      components: {},
      revisions: () => {
        if (broken) throw new Error('no manifest');
        return {};
      },
    });
    await expect(health.document()).rejects.toThrow('no manifest');
    broken = false;
    expect((await health.document()).status).toBe('passed');
  });
});

it('the time that a document takes is less than observers wait for it', () => {
  const timeouts = Object.values(DEFAULT_CHECKS).flatMap((check) =>
    check.kind === 'deep' ? [check.timeoutSeconds] : [],
  );
  expect(LOOK_TIMES.budgetMs).toBeLessThan(Math.min(...timeouts) * 1000);
});
