import { afterEach, describe, expect, it, vi } from 'vitest';
import { scenarioNames } from '../../cli/find-scenario.ts';
import type { Assessment } from '../../core/health/assess.ts';
import type { EvacuationSwitch } from '../../core/ports.ts';
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
});

/** Rehearses with modules as they are mocked by now. */
async function brokenIn(scenario: string, change: (scenario: Scenario) => Scenario): Promise<readonly string[]> {
  vi.resetModules();
  const { broken, rehearse } = await import('../_helpers/rehearse.ts');
  return broken(await rehearse({ scenario, change }));
}

/** The outage alone: what follows the failback is not needed here. */
const outageOnly = (scenario: Scenario): Scenario => ({ ...scenario, actions: [], untilSeconds: 1_200 });

describe('without its fault', () => {
  it.each(scenarioNames())('%s does not pass', async (name) => {
    const withoutFaults = (scenario: Scenario): Scenario => ({ ...scenario, faults: [] });
    expect(await brokenIn(name, withoutFaults)).not.toEqual([]);
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
