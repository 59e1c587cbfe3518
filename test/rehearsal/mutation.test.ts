import { afterEach, describe, expect, it, vi } from 'vitest';
import { scenarioNames } from '../../cli/find-scenario.ts';
import type { WriteFence, WriteFenceSettings } from '../../client/write-fence.ts';
import type { Assessment } from '../../core/health/assess.ts';
import type { Clock, EvacuationSwitch } from '../../core/ports.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';

/*
 * A rehearsal that passes proves something only if it can fail. Here each scenario loses its fault, and the guards that
 * answer the faults are taken away one by one; an expectation or an invariant must break every time.
 */

afterEach(() => {
  vi.resetModules();
  vi.doUnmock('../../lambdas/fence-source/fence-source.ts');
  vi.doUnmock('../../core/health/assess.ts');
  vi.doUnmock('../../adapters/aws/s3-evacuation.ts');
  vi.doUnmock('../../lambdas/write-records/write-records.ts');
  vi.doUnmock('../../core/decision/table.ts');
  vi.doUnmock('../../core/health/check-state.ts');
  vi.doUnmock('../../core/health/contract.ts');
  vi.doUnmock('../../client/write-fence.ts');
  vi.doUnmock('../../adapters/aws/cloudwatch-traffic.ts');
  vi.doUnmock('../../adapters/aws/table-clock.ts');
  vi.doUnmock('../../lambdas/observe-regions/probe.ts');
  vi.doUnmock('../../lambdas/judge-fleet/judge-fleet.ts');
  vi.doUnmock('../../lambdas/check-member/check-member.ts');
});

/** Rehearses with modules as they are mocked by now. */
async function brokenIn(scenario: string, change: (scenario: Scenario) => Scenario): Promise<readonly string[]> {
  vi.resetModules();
  const { broken, rehearse } = await import('../_helpers/rehearse.ts');
  return broken(await rehearse({ scenario, change }));
}

/** The outage alone: what follows the failback is not needed here. */
const outageOnly = (scenario: Scenario): Scenario => ({ ...scenario, actions: [], untilSeconds: 1_200 });

/** A long scenario is cut short: nothing that it expects comes to pass by itself later. */
const lastingAtMost =
  (seconds: number) =>
  ({ untilSeconds, ...scenario }: Scenario): Scenario =>
    untilSeconds === undefined ? scenario : { ...scenario, untilSeconds: Math.min(untilSeconds, seconds) };

describe('without its fault', () => {
  it.each(scenarioNames())('%s does not pass', async (name) => {
    const withoutFaults = (scenario: Scenario): Scenario => ({ ...lastingAtMost(3_600)(scenario), faults: [] });
    expect(await brokenIn(name, withoutFaults)).not.toEqual([]);
  });
});

describe('without one of its faults', () => {
  it.each([0, 1, 2, 3])('dependency-lies does not pass: %i', async (left) => {
    const withoutOne = (scenario: Scenario): Scenario => ({
      ...scenario,
      faults: scenario.faults.filter((_, index) => index !== left),
    });
    expect(await brokenIn('dependency-lies', withoutOne)).toContainEqual(expect.stringMatching(/are both unknown$/));
  });

  it('coordination-unreachable does not pass: the dark witness', async () => {
    const withoutWitness = (scenario: Scenario): Scenario => ({
      ...scenario,
      faults: scenario.faults.filter((fault) => !('region' in fault && fault.region === 'witness')),
    });
    expect(await brokenIn('coordination-unreachable', withoutWitness)).toEqual([
      'while two members of the table hold together',
    ]);
  });
});

describe('without the fence', () => {
  it('region-outage sees answers change with no fence on record, or two writers', async () => {
    vi.doMock('../../lambdas/fence-source/fence-source.ts', () => ({
      createFenceSource: () => async () => ({ done: true, waitSeconds: 0 }),
    }));
    expect(await brokenIn('region-outage', outageOnly)).toContain('no answer changed before the fence record');
  });
});

describe('without the quorum', () => {
  it('single-observer-blind moves traffic on the word of one', async () => {
    vi.doMock('../../core/health/assess.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../core/health/assess.ts')>();
      const anybodySays = (assessment: Assessment): Assessment => ({
        ...assessment,
        checks: assessment.checks.map((check) =>
          check.votes.some(({ says }) => says === 'failed')
            ? { ...check, status: 'failed', consecutiveFailures: 3 }
            : check,
        ),
      });
      const assess: typeof original.assess = (config, sight) => {
        const assessment = original.assess(config, sight);
        return sight.subject === 'ap-southeast-1' ? anybodySays(assessment) : assessment;
      };
      return { ...original, assess };
    });
    expect(await brokenIn('single-observer-blind', outageOnly)).toContain('no failover is started');
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

describe('without its row of the decision table', () => {
  it.each([
    { row: 'D210', scenario: 'database-writer-failure', text: 'by the row for a failed database writer' },
    { row: 'D220', scenario: 'instances-down', text: 'an automatic failover succeeds' },
    { row: 'D230', scenario: 'network-partition', text: 'an automatic failover succeeds' },
    { row: 'D240', scenario: 'error-rate-spike', text: 'an automatic failover succeeds' },
    { row: 'D400', scenario: 'partial-degradation', text: 'it is watched' },
    { row: 'D400', scenario: 'slow-but-alive', text: 'it is watched once it has lasted' },
  ])('$row $scenario does not pass', async ({ row, scenario, text }) => {
    vi.doMock('../../core/decision/table.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../core/decision/table.ts')>();
      return { ...original, DECISION_TABLE: original.DECISION_TABLE.filter(({ id }) => id !== row) };
    });
    expect(await brokenIn(scenario, lastingAtMost(1_800))).toContain(text);
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

describe('without the quorum of the coordination table', () => {
  it('coordination-unreachable moves nobody', async () => {
    const alsoTheVantage = (scenario: Scenario): Scenario => ({
      ...outageOnly(scenario),
      faults: [...scenario.faults, { kind: 'region-dark', region: 'vantage', atSeconds: 600 }],
    });
    expect(await brokenIn('coordination-unreachable', alsoTheVantage)).toContain('an automatic failover succeeds');
  });
});

describe('without a comparison of revisions', () => {
  it('contract-mismatch sends people to the wrong index', async () => {
    vi.doMock('../../core/health/contract.ts', async (importOriginal) => ({
      ...(await importOriginal<object>()),
      contractMismatches: () => [],
    }));
    expect(await brokenIn('contract-mismatch', outageOnly)).toContain('no failover is started');
  });
});

describe('without a threshold', () => {
  it('noisy-probes wakes people within the hour', async () => {
    vi.doMock('../../core/health/check-state.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../core/health/check-state.ts')>();
      const applyProbe: typeof original.applyProbe = (check, before, result) =>
        original.applyProbe(
          { ...check, failureThreshold: 1, recoveryThreshold: check.recoveryThreshold ?? check.failureThreshold },
          before,
          result,
        );
      return { ...original, applyProbe };
    });
    expect(await brokenIn('noisy-probes', lastingAtMost(3_600))).toContain('people are woken twice at most');
  });
});

describe('without doubt about what cannot be', () => {
  it('dependency-lies moves traffic because of metrics', async () => {
    vi.doMock('../../adapters/aws/cloudwatch-traffic.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../adapters/aws/cloudwatch-traffic.ts')>();
      const createCloudWatchTraffic: typeof original.createCloudWatchTraffic = (...settings) => {
        const { read } = original.createCloudWatchTraffic(...settings);
        return { read: async (region, span) => ({ errorRate: 2, ...(await read(region, span)) }) };
      };
      return { ...original, createCloudWatchTraffic };
    });
    expect(await brokenIn('dependency-lies', (scenario) => scenario)).toContain('no failover is started');
  });

  it('dependency-lies moves traffic because of its documents', async () => {
    vi.doMock('../../lambdas/observe-regions/probe.ts', async (importOriginal) => {
      const original = await importOriginal<typeof import('../../lambdas/observe-regions/probe.ts')>();
      const probe: typeof original.probe = async (check, context) => {
        const found = await original.probe(check, context);
        return check.kind === 'deep' && found.result === 'error' ? { ...found, result: 'failed' } : found;
      };
      return { ...original, probe };
    });
    expect(await brokenIn('dependency-lies', (scenario) => scenario)).toContain('no failover is started');
  });
});

describe('without the clock of the coordination table', () => {
  it('observer-clock-skew knows of the outage too late', async () => {
    vi.doMock('../../adapters/aws/table-clock.ts', () => ({
      createTableClock: (local: Clock) => ({ ...local, setBy: (settings: object) => settings }),
    }));
    expect(await brokenIn('observer-clock-skew', outageOnly)).toContain('known no later than by true clocks');
  });
});

describe('without the judgement of fences', () => {
  it('fleet-evacuation takes applications out that may still write', async () => {
    vi.doMock('../../lambdas/judge-fleet/judge-fleet.ts', () => ({
      createJudgeFleet: () => async () => ({ flip: true, reason: '' }),
    }));
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
