import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WriteFence, WriteFenceSettings } from '../../client/write-fence.ts';
import type { EvacuationSwitch } from '../../core/ports.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { brokenIn, outageOnly } from '../_helpers/mutations.ts';

/*
 * A rehearsal that passes proves something only if it can fail. Here the guards of operations are taken away one by
 * one; an expectation or an invariant must break every time. Those of detection are in mutation-detection.test.ts,
 * those of the failback in failback-guards.test.ts, the faults in mutation-faults.test.ts.
 */

afterEach(() => {
  vi.resetModules();
  vi.doUnmock('../../adapters/aws/s3-evacuation.ts');
  vi.doUnmock('../../client/write-fence.ts');
  vi.doUnmock('../../core/operation/accepted-loss.ts');
  vi.doUnmock('../../core/operation/application-state.ts');
  vi.doUnmock('../../core/operation/verify.ts');
  vi.doUnmock('../../core/operation/writer-move.ts');
  vi.doUnmock('../../core/routing/change-batch.ts');
  vi.doUnmock('../../lambdas/await-lag/await-lag.ts');
  vi.doUnmock('../../lambdas/check-member/check-member.ts');
  vi.doUnmock('../../lambdas/fence-source/fence-source.ts');
  vi.doUnmock('../../lambdas/record-end/record-end.ts');
  vi.doUnmock('../../lambdas/start-promotion/start-promotion.ts');
  vi.doUnmock('../../lambdas/validate-service/validate-service.ts');
  vi.doUnmock('../../lambdas/write-records/write-records.ts');
});

describe('without the fence', () => {
  const noFence = (): void =>
    void vi.doMock('../../lambdas/fence-source/fence-source.ts', () => ({
      createFenceSource: () => async () => ({ done: true, waitSeconds: 0 }),
    }));

  it('region-outage is not brought to its end by the steps that look for it', async () => {
    noFence();
    const broken = await brokenIn('region-outage', outageOnly);
    expect(broken).toContain('an automatic failover succeeds');
    expect(broken).not.toContain('no answer changed before the fence record');
  });

  it('region-outage sees answers change with no fence on record where they do not look either', async () => {
    noFence();
    vi.doMock('../../core/operation/writer-move.ts', async (importOriginal) => ({
      ...(await importOriginal<object>()),
      assertFenced: ({ openedAtEpochMs }: { openedAtEpochMs: number }) => ({ atEpochMs: openedAtEpochMs }),
    }));
    expect(await brokenIn('region-outage', outageOnly)).toContain('no answer changed before the fence record');
  });
});

describe('without the wait for the lag', () => {
  const noWait = (): void =>
    void vi.doMock('../../lambdas/await-lag/await-lag.ts', () => ({
      createAwaitLag: () => async () => ({ done: true, waitSeconds: 0 }),
    }));

  it('planned-maintenance lets nobody write for as long as replication lags behind', async () => {
    noWait();
    const broken = await brokenIn('planned-maintenance', (scenario) => scenario);
    expect(broken).toContain('the fence waits until the lag is over');
    expect(broken).toContain('for no longer than the fence, the promotion and the looks at them take');
  });

  it('planned-maintenance loses writes where a failover is asked for instead of a switchover', async () => {
    noWait();
    vi.doMock('../../core/operation/accepted-loss.ts', () => ({
      acceptedLoss: () => ({ seconds: null, by: 'emergency' }),
    }));
    const broken = await brokenIn('planned-maintenance', (scenario) => scenario);
    expect(broken).toContain('no write is lost');
    expect(broken).toContain('the writer was switched over once');
  });
});

describe('without the latch', () => {
  it('region-outage sends people back to the Region that was left', async () => {
    vi.doMock('../../lambdas/write-records/write-records.ts', () => ({
      createWriteRecords: () => async () => ({ changeId: null }),
    }));
    vi.doMock('../../adapters/aws/s3-evacuation.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../adapters/aws/s3-evacuation.ts')>();
      return {
        ...original,
        createS3Evacuation: (settings: never) => springingBack(original.createS3Evacuation(settings)),
      };
    });
    expect(await brokenIn('region-outage', outageOnly)).toContain(
      'nobody was sent to a fenced Region after the answer changed',
    );
  });
});

describe('without the write lease', () => {
  it('network-partition has two Regions that write', async () => {
    vi.doMock('../../client/write-fence.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../client/write-fence.ts')>();
      return {
        ...original,
        createWriteFence: (settings: WriteFenceSettings) => neverGivingUp(original.createWriteFence(settings)),
      };
    });
    const broken = await brokenIn('network-partition', outageOnly);
    expect(broken).toContain('no two Regions committed at the same time');
    expect(broken).toContain('no write was committed under an old writer epoch');
    expect(broken).toContain('no longer than 15 s after the last renewal of its lease');
  });
});

/** A failover that is killed once, with an operator who redrives it. */
const killedOnce =
  (state: string, call: number) =>
  ({ crashPoints: _, ...scenario }: Scenario): Scenario => ({
    ...scenario,
    faults: [
      ...scenario.faults,
      { kind: 'orchestrator-killed', machine: 'failover', atSeconds: 0, state, point: 'call', call },
    ],
    actions: [...scenario.actions, { action: 'redrive', atSeconds: 0, afterSeconds: 5 }],
  });

describe('without a look at what is under way', () => {
  const asksBlindly = (): void => {
    vi.doMock('../../lambdas/start-promotion/start-promotion.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../lambdas/start-promotion/start-promotion.ts')>();
      type Context = Parameters<typeof original.createStartPromotion>[0];
      const createStartPromotion = (context: Context) => {
        const unseen = async () => ({ writerRegion: 'ap-southeast-1', movingTo: null });
        const dataTier = { ...context.ports.dataTier, status: unseen };
        return original.createStartPromotion({ ...context, ports: { ...context.ports, dataTier } });
      };
      return { ...original, createStartPromotion };
    });
  };

  it('orchestrator-killed asks for the promotion twice', async () => {
    asksBlindly();
    expect(await brokenIn('orchestrator-killed', killedOnce('StartPromotion', 2))).toContain(
      'the writer was asked to move once',
    );
  });

  it('promotion-times-out-then-succeeds asks for it twice', async () => {
    asksBlindly();
    expect(await brokenIn('promotion-times-out-then-succeeds', outageOnly)).toContain(
      'the writer was asked to move once',
    );
  });
});

describe('without anybody who records the end of an execution', () => {
  it('orchestrator-killed is redriven by nobody', async () => {
    vi.doMock('../../lambdas/record-end/record-end.ts', () => ({ createRecordEnd: () => async () => 'ended' }));
    expect(await brokenIn('orchestrator-killed', killedOnce('VerifyAnswers', 1))).toContain(
      'an automatic failover succeeds',
    );
  });
});

describe('without the lease of an operation', () => {
  it('two-operators-at-once tells nobody who holds the application', async () => {
    vi.doMock('../../core/operation/application-state.ts', async (importOriginal) => ({
      ...(await importOriginal<object>()),
      isHeld: () => false,
    }));
    expect(await brokenIn('two-operators-at-once', (scenario) => scenario)).toContain('and who holds the application');
  });
});

describe('without the epoch record', () => {
  it('stale-writer-wakes has old weights in the zone', async () => {
    vi.doMock('../../core/routing/change-batch.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../core/routing/change-batch.ts')>();
      const planWeightChange: typeof original.planWeightChange = (config, given) => {
        const plan = original.planWeightChange(config, given);
        if (plan.kind !== 'changes') return plan;
        const weightsAlone = plan.changes.filter(({ ResourceRecordSet }) => ResourceRecordSet.Type !== 'TXT');
        return { ...plan, changes: weightsAlone };
      };
      return { ...original, planWeightChange };
    });
    const found = await brokenIn('stale-writer-wakes', (scenario) => scenario);
    expect(found).toContain('and was refused');
    expect(found).toContain('every one of them');
  });
});

describe('without a fence in the application', () => {
  it('stale-primary-returns commits what it had kept', async () => {
    vi.doMock('../../client/write-fence.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../client/write-fence.ts')>();
      return {
        ...original,
        createWriteFence: (settings: WriteFenceSettings) => neverGivingUp(original.createWriteFence(settings)),
      };
    });
    const found = await brokenIn('stale-primary-returns', (scenario) => scenario);
    expect(found).toContain('none was committed');
    expect(found).toContain('no write was committed under an old writer epoch');
  });
});

describe('without the loss budget', () => {
  it('lag-over-budget loses what nobody accepted', async () => {
    vi.doMock('../../core/operation/verify.ts', async (importOriginal) => ({
      ...(await importOriginal<object>()),
      judgeTarget: () => ({ passed: true, reasons: [], notes: [] }),
    }));
    expect(await brokenIn('lag-over-budget', (scenario) => scenario)).toContain('the automatic one is refused');
  });
});

describe('without the validation of the service', () => {
  it('verify-fails-after-promotion calls errors a success', async () => {
    vi.doMock('../../lambdas/validate-service/validate-service.ts', () => ({
      createValidateService: () => async () => ({ done: true, waitSeconds: 0 }),
    }));
    expect(await brokenIn('verify-fails-after-promotion', (scenario) => scenario)).toContain('it was held on the way');
  });
});

describe('without the fence, in an emergency', () => {
  it('emergency has skipped what may not be skipped', async () => {
    vi.doMock('../../lambdas/fence-source/fence-source.ts', () => ({
      createFenceSource: () => async () => ({ done: true, waitSeconds: 0 }),
    }));
    expect(await brokenIn('emergency', (scenario) => scenario)).toContain('the fence was not skipped');
  });
});

describe('without trust in one guardian', () => {
  it('guardian-outage is held', async () => {
    vi.doMock('../../adapters/aws/s3-evacuation.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../adapters/aws/s3-evacuation.ts')>();
      return {
        ...original,
        createS3Evacuation: (settings: never) => onlyTogether(original.createS3Evacuation(settings)),
      };
    });
    expect(await brokenIn('guardian-outage', outageOnly)).toContain('an automatic failover succeeds');
  });
});

describe('without the look at fences', () => {
  it('fleet-evacuation takes applications out that may still write', async () => {
    vi.doMock('../../lambdas/check-member/check-member.ts', () => ({
      createCheckMember: () => async () => ({ done: true, waitSeconds: 0, ok: true, reason: '' }),
    }));
    vi.resetModules();
    const { rehearse } = await import('../_helpers/rehearse.ts');
    const change = (scenario: Scenario): Scenario => ({ ...outageOnly(scenario), fleet: { applications: 5 } });
    const { world } = await rehearse({ scenario: 'fleet-evacuation', change });
    expect(world.fleet?.switchWrites).toBe(2);
    expect(world.fleet?.fencedBeforeFlip).toBeLessThan(5);
  });
});

/** Writers that go on under the last epoch that they held. */
function neverGivingUp(fence: WriteFence): WriteFence {
  let last: number | undefined;
  return {
    ...fence,
    writableEpoch: (nowEpochMs) => {
      last = fence.writableEpoch(nowEpochMs) ?? last;
      return last;
    },
  };
}

/** A switch that holds only where both guardians took it. */
function onlyTogether(held: EvacuationSwitch): EvacuationSwitch {
  return {
    ...held,
    evacuate: async (region, epoch) => {
      const outcomes = await held.evacuate(region, epoch);
      const done = outcomes.every((outcome) => outcome.done);
      return outcomes.map((outcome) => ({ ...outcome, done }));
    },
  };
}

/** A switch that lets go by itself, as a plain health check would. */
function springingBack(held: EvacuationSwitch): EvacuationSwitch {
  return {
    ...held,
    evacuate: async (region, epoch) => {
      const outcomes = await held.evacuate(region, epoch);
      setTimeout(() => void held.admit(region, epoch), 90_000);
      return outcomes;
    },
  };
}
