import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../../core/config/types.ts';
import { type LadderPosition, nextLadderStep } from '../../../core/failback/ladder.ts';
import { SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';

const AWAY = { [SINGAPORE]: 0, [TOKYO]: 100 };
const AURORA: ConfigInput['data'] = { adapter: 'aurora-global', globalCluster: 'storefront' };

/** Every step of a climb: rungs are baked and the writer is moved as the ladder says, until it is complete. */
function climb(failback: ConfigInput['failback'], data: ConfigInput['data'] = AURORA): readonly string[] {
  const config = testConfig({
    ...(failback === undefined ? {} : { failback }),
    ...(data === undefined ? {} : { data }),
  });
  const steps: string[] = [];
  let position: LadderPosition = {
    original: SINGAPORE,
    current: TOKYO,
    rungsBaked: 0,
    writerMoved: false,
    weights: AWAY,
    weightNow: 0,
  };
  for (let step = nextLadderStep(config, position); step.kind !== 'complete'; step = nextLadderStep(config, position)) {
    if (step.kind === 'move-writer') {
      steps.push('writer');
      position = { ...position, writerMoved: true };
    } else {
      expect(step.index).toBe(position.rungsBaked);
      steps.push(`${step.percent}/${step.weights[TOKYO]}`);
      expect(step.weights[SINGAPORE]).toBe(step.percent);
      position = { ...position, rungsBaked: position.rungsBaked + (step.ramp ? 0 : 1), weightNow: step.percent };
    }
  }
  return steps;
}

describe('the ladder', () => {
  it.each([
    { what: 'by default', failback: {}, steps: ['10/90', '50/50', 'writer', '100/0'] },
    {
      what: 'with the writer first',
      failback: { moveWriter: 'before-first-rung' as const },
      steps: ['writer', '10/90', '50/50', '100/0'],
    },
    { what: 'of one rung', failback: { rungs: [100] }, steps: ['writer', '100/0'] },
    {
      what: 'of one rung with the writer first',
      failback: { rungs: [100], moveWriter: 'before-first-rung' as const },
      steps: ['writer', '100/0'],
    },
    {
      what: 'with a slow start',
      failback: { slowStartPercent: 20 },
      steps: ['10/90', '30/70', '50/50', 'writer', '70/30', '90/10', '100/0'],
    },
    {
      what: 'with a slow start to its first rung',
      failback: { rungs: [40, 100], slowStartPercent: 30, moveWriter: 'before-first-rung' as const },
      steps: ['writer', '30/70', '40/60', '70/30', '100/0'],
    },
    { what: 'of two rungs', failback: { rungs: [1, 100] }, steps: ['1/99', 'writer', '100/0'] },
  ])('$what goes $steps', ({ failback, steps }) => {
    expect(climb(failback)).toEqual(steps);
  });

  it('moves the right to write also where there is nothing to promote: a failover has moved it away', () => {
    expect(climb({}, { adapter: 'none' })).toEqual(['10/90', '50/50', 'writer', '100/0']);
  });

  it('moves the writer before it is complete, also where the climb begins on the last rung', () => {
    const position = {
      original: SINGAPORE,
      current: TOKYO,
      rungsBaked: 2,
      writerMoved: false,
      weights: AWAY,
      weightNow: 50,
    };
    expect(nextLadderStep(testConfig({ data: AURORA }), position)).toEqual({ kind: 'move-writer' });
  });

  it.each([3, 4])('is complete after %i rungs, whatever was moved', (rungsBaked) => {
    const position = {
      original: SINGAPORE,
      current: TOKYO,
      rungsBaked,
      writerMoved: false,
      weights: AWAY,
      weightNow: 50,
    };
    expect(nextLadderStep(testConfig({ data: AURORA }), position)).toEqual({ kind: 'complete' });
  });
});
