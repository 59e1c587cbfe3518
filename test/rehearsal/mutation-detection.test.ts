import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Assessment } from '../../core/health/assess.ts';
import type { Clock } from '../../core/ports.ts';
import { brokenIn, lastingAtMost, outageOnly } from '../_helpers/mutations.ts';

/*
 * A rehearsal that passes proves something only if it can fail. Here the guards of detection and of the decision are
 * taken away one by one; an expectation or an invariant must break every time.
 */

afterEach(() => {
  vi.resetModules();
  vi.doUnmock('../../adapters/aws/cloudwatch-traffic.ts');
  vi.doUnmock('../../adapters/aws/table-clock.ts');
  vi.doUnmock('../../core/decision/table.ts');
  vi.doUnmock('../../core/health/assess.ts');
  vi.doUnmock('../../core/health/check-state.ts');
  vi.doUnmock('../../core/health/contract.ts');
  vi.doUnmock('../../lambdas/observe-regions/probe.ts');
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
