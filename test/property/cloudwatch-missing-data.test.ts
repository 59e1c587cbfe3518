import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALARM_STATES } from '../../twin/cloudwatch/alarm-state.ts';
import {
  evaluationRange,
  judgeRange,
  MISSING_DATA_TREATMENTS,
  type PointKind,
} from '../../twin/cloudwatch/missing-data.ts';

const kind = fc.constantFrom<PointKind>('breaching', 'notBreaching', 'missing');
const state = fc.constantFrom(...ALARM_STATES);

const evaluation = fc.integer({ min: 1, max: 6 }).chain((evaluationPeriods) =>
  fc.record({
    range: fc.array(kind, {
      minLength: evaluationRange(evaluationPeriods),
      maxLength: evaluationRange(evaluationPeriods),
    }),
    previous: state,
    policy: fc.record({
      evaluationPeriods: fc.constant(evaluationPeriods),
      datapointsToAlarm: fc.integer({ min: 1, max: evaluationPeriods }),
      treatMissingData: fc.constantFrom(...MISSING_DATA_TREATMENTS),
    }),
  }),
);

describe('judging a range', () => {
  it('never moves from ALARM to OK because a missing datapoint turns out to be breaching', () => {
    fc.assert(
      fc.property(evaluation, fc.nat(), ({ range, policy, previous }, at) => {
        const index = at % range.length;
        fc.pre(range[index] === 'missing');
        const before = judgeRange(range, policy, previous).state;
        const after = judgeRange(range.with(index, 'breaching'), policy, previous).state;
        expect(before === 'ALARM' && after === 'OK').toBe(false);
      }),
    );
  });

  it('never moves from OK to ALARM because a breaching datapoint turns out not to be', () => {
    fc.assert(
      fc.property(evaluation, fc.nat(), ({ range, policy, previous }, at) => {
        const index = at % range.length;
        fc.pre(range[index] === 'breaching');
        const before = judgeRange(range, policy, previous).state;
        const after = judgeRange(range.with(index, 'notBreaching'), policy, previous).state;
        expect(before === 'OK' && after === 'ALARM').toBe(false);
      }),
    );
  });

  it('depends on the previous state in the mode ignore only', () => {
    fc.assert(
      fc.property(evaluation, state, ({ range, policy, previous }, other) => {
        fc.pre(policy.treatMissingData !== 'ignore');
        expect(judgeRange(range, policy, previous)).toEqual(judgeRange(range, policy, other));
      }),
    );
  });

  it('depends on the treatment only while real datapoints are fewer than the evaluation periods', () => {
    fc.assert(
      fc.property(
        evaluation,
        fc.constantFrom(...MISSING_DATA_TREATMENTS),
        ({ range, policy, previous }, treatMissingData) => {
          const verdict = judgeRange(range, policy, previous);
          fc.pre(verdict.filled === 0);
          expect(judgeRange(range, { ...policy, treatMissingData }, previous)).toEqual(verdict);
        },
      ),
    );
  });

  it('gives INSUFFICIENT_DATA only where no real datapoint is non-breaching, and only in the mode missing', () => {
    fc.assert(
      fc.property(evaluation, ({ range, policy }) => {
        const { state: found } = judgeRange(range, policy, 'OK');
        if (found !== 'INSUFFICIENT_DATA') return;
        expect(policy.treatMissingData).toBe('missing');
        expect(range).not.toContain('notBreaching');
      }),
    );
  });
});
