import { describe, expect, it } from 'vitest';
import type { AlarmState } from '../../../twin/cloudwatch/alarm-state.ts';
import {
  evaluationRange,
  judgeRange,
  type MissingDataTreatment,
  type VerdictRule,
} from '../../../twin/cloudwatch/missing-data.ts';
import { rangeFromPage } from '../../_helpers/cloudwatch.ts';

interface Setting {
  readonly m: number;
  readonly n: number;
  readonly treatment?: MissingDataTreatment;
  readonly previous?: AlarmState;
}

function judge(row: string, { m, n, treatment = 'missing', previous = 'OK' }: Setting) {
  return judgeRange(
    rangeFromPage(row),
    { evaluationPeriods: n, datapointsToAlarm: m, treatMissingData: treatment },
    previous,
  );
}

describe('the evaluation range', () => {
  it.each([
    [1, 3],
    [2, 4],
    [3, 5],
    [10, 12],
  ])('of %i evaluation periods is two longer: %i', (periods, range) => {
    expect(evaluationRange(periods)).toBe(range);
  });
});

describe('with as many real datapoints as evaluation periods', () => {
  it('the newest count and older ones are ignored', () => {
    expect(judge('X X 0 0 0', { m: 1, n: 3 }).state).toBe('OK');
    expect(judge('0 0 X X X', { m: 3, n: 3 }).state).toBe('ALARM');
  });

  it('those farther back take the place of missing ones', () => {
    expect(judge('X X - X -', { m: 3, n: 3 })).toMatchObject({ state: 'ALARM', filled: 0, evaluated: [1, 3, 4] });
    expect(judge('0 X - X -', { m: 3, n: 3 }).state).toBe('OK');
  });

  it.each(['missing', 'ignore', 'breaching', 'notBreaching'] as const)(
    'the treatment %s is not looked at',
    (treatment) => {
      expect(judge('X - X - 0', { m: 2, n: 3, treatment, previous: 'INSUFFICIENT_DATA' }).state).toBe('ALARM');
      expect(judge('0 - X - 0', { m: 2, n: 3, treatment, previous: 'INSUFFICIENT_DATA' }).state).toBe('OK');
    },
  );

  it.each([
    [1, 'OK'],
    [2, 'ALARM'],
    [3, 'ALARM'],
  ])('%i breaching of 3 against 2 to alarm: %s', (breaching, state) => {
    const row = ['0', '0', ...Array<string>(3 - breaching).fill('0'), ...Array<string>(breaching).fill('X')];
    expect(judge(row.join(' '), { m: 2, n: 3 }).state).toBe(state);
  });
});

describe('with fewer real datapoints than evaluation periods', () => {
  it('enough breaching ones alarm in every mode, since nothing has to be filled for it', () => {
    for (const treatment of ['missing', 'ignore', 'breaching', 'notBreaching'] as const) {
      expect(judge('- - - X X', { m: 2, n: 3, treatment }).state).toBe('ALARM');
      expect(judge('- - - - X', { m: 1, n: 3, treatment }).state).toBe('ALARM');
    }
  });

  it('breaching fills only what is short of the evaluation periods', () => {
    expect(judge('0 - - - -', { m: 2, n: 3, treatment: 'breaching' }).state).toBe('ALARM');
    expect(judge('0 0 - - -', { m: 2, n: 3, treatment: 'breaching' }).state).toBe('OK');
    expect(judge('0 - - - -', { m: 3, n: 3, treatment: 'breaching' }).state).toBe('OK');
  });

  it('a non-breaching datapoint anywhere in the range rules out a premature alarm and lets ignore decide', () => {
    expect(judge('0 X - - -', { m: 2, n: 3 }).state).toBe('OK');
    expect(judge('0 X - - -', { m: 2, n: 3, treatment: 'ignore', previous: 'ALARM' }).state).toBe('OK');
  });
});

describe('the premature-alarm rule', () => {
  const RANGES = ['- - - - X', '- - - X -', '- - X - -', '- X - - -', 'X - - - -'];

  it.each([1, 2, 3].flatMap((m) => RANGES.map((row, index) => [row, m, index + 1] as const)))(
    '"%s" with %i to alarm: the oldest breaching datapoint is %i periods old',
    (row, m, age) => {
      const verdict = judge(row, { m, n: 3 });
      expect(verdict.state).toBe(age >= m ? 'ALARM' : 'INSUFFICIENT_DATA');
      const rule: VerdictRule = m === 1 ? 'threshold' : age >= m ? 'premature-alarm' : 'insufficient-data';
      expect(verdict.rule).toBe(rule);
    },
  );

  it('takes breaching datapoints after the oldest one', () => {
    expect(judge('- - X - X', { m: 3, n: 3 }).state).toBe('ALARM');
    expect(judge('- - - X X', { m: 3, n: 3 }).state).toBe('INSUFFICIENT_DATA');
  });

  it.each(RANGES)('never moves an alarm that ignores missing data: "%s"', (row) => {
    for (const previous of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const) {
      expect(judge(row, { m: 3, n: 3, treatment: 'ignore', previous }).state).toBe(previous);
    }
  });

  it.each(RANGES)('has no say where missing data is not breaching: "%s"', (row) => {
    expect(judge(row, { m: 3, n: 3, treatment: 'notBreaching' }).state).toBe('OK');
  });
});
