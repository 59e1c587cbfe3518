import { afterEach, describe, expect, it, vi } from 'vitest';
import { brokenIn, endingAt } from '../_helpers/mutations.ts';

/* The guards of the failback are taken away one by one; an expectation of their scenario must break every time. */

afterEach(() => {
  vi.resetModules();
  vi.doUnmock('../../core/failback/rung-guard.ts');
  vi.doUnmock('../../lambdas/assert-current-serves.ts');
  vi.doUnmock('../../lambdas/climb-ladder/climb-ladder.ts');
  vi.doUnmock('../../lambdas/close-operation/close-operation.ts');
  vi.doUnmock('../../lambdas/region-switch.ts');
});

describe('without a guard of the failback', () => {
  it.each(['failback-canary-breach', 'share-never-arrives'])('%s goes on with the rung', async (scenario) => {
    vi.doMock('../../core/failback/rung-guard.ts', async (importOriginal) => ({
      ...(await importOriginal<object>()),
      judgeRung: () => ({ kind: 'keep-watching' }),
    }));
    expect(await brokenIn(scenario, endingAt(5_400))).toContain('the failback is ended');
  });

  it('failback-canary-breach has clients in the primary for longer where the retreat sets no switch', async () => {
    let left = 0;
    vi.doMock('../../lambdas/region-switch.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../lambdas/region-switch.ts')>();
      const leaveRegion: typeof original.leaveRegion = async (context, journal, move) => {
        left++;
        if (left === 1) return original.leaveRegion(context, journal, move);
        const evacuate = async () => [{ guardian: 'ap-northeast-2', done: true }];
        const evacuation = { ...context.ports.evacuation, evacuate };
        return original.leaveRegion({ ...context, ports: { ...context.ports, evacuation } }, journal, move);
      };
      return { ...original, leaveRegion };
    });
    expect(await brokenIn('failback-canary-breach', endingAt(5_400))).toContain(
      'no client that honours the TTL comes to the primary after one TTL and the time of the switch',
    );
  });

  it('second-failure-during-failback holds on to a Region that is dead', async () => {
    vi.doMock('../../lambdas/assert-current-serves.ts', async (importOriginal) => ({
      ...(await importOriginal<object>()),
      assertCurrentServes: async () => undefined,
    }));
    expect(await brokenIn('second-failure-during-failback', endingAt(7_600))).toContain(
      'within two minutes of the failure',
    );
  });

  it('second-failure-during-failback waits for a cool-down', async () => {
    vi.doMock('../../lambdas/close-operation/close-operation.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../lambdas/close-operation/close-operation.ts')>();
      const createCloseOperation: typeof original.createCloseOperation = (context) => {
        const close = original.createCloseOperation(context);
        return ({ error, ...input }) =>
          close(error === undefined ? input : { ...input, error: { ...error, Error: 'Any' } });
      };
      return { ...original, createCloseOperation };
    });
    const broken = await brokenIn('second-failure-during-failback', endingAt(7_600));
    expect(broken).toContain('though the cool-down is not over');
    expect(broken).toContain('a failover takes over by itself');
  });

  it('emergency-rollback climbs every rung', async () => {
    vi.doMock('../../lambdas/climb-ladder/climb-ladder.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../lambdas/climb-ladder/climb-ladder.ts')>();
      const createClimbLadder: typeof original.createClimbLadder = (context) => {
        const climb = original.createClimbLadder(context);
        return ({ operation }) => climb({ operation: { ...operation, mode: 'manual' } });
      };
      return { ...original, createClimbLadder };
    });
    const broken = await brokenIn('emergency-rollback', endingAt(2_600));
    expect(broken).toContain('so is the ladder');
    expect(broken).toContain('the writer moved without loss');
  });
});
