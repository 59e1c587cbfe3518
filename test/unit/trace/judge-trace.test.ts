import { describe, expect, it } from 'vitest';
import { judgeTrace, type Verdict } from '../../../core/trace/judge-trace.ts';
import type { TraceLine } from '../../../core/trace/trace-line.ts';
import { SEOUL, SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';
import { every, inOrder, type Outcome, probesOver } from '../../_helpers/traces.ts';

const config = testConfig();
const LENGTH = 1_200;
const FAULT = 600;
const END: TraceLine = { t: LENGTH, end: true };

/** Verdicts over twenty minutes of probes, and whatever else was seen. */
function verdicts(outcome: Outcome, ...others: readonly (readonly TraceLine[])[]): readonly Verdict[] {
  return judgeTrace(config, [...inOrder(probesOver(config, LENGTH, outcome), ...others), END]);
}
const told = (list: readonly Verdict[]): readonly string[] =>
  list.map(({ t, outcome, ruleId, closedGate }) =>
    [t, ruleId, outcome, ...(closedGate === null ? [] : [closedGate])].join(' '),
  );
const passed: Outcome = () => 'passed';
const failing =
  (...checks: readonly string[]): Outcome =>
  ({ t, subject, check }) =>
    subject === SINGAPORE && t >= FAULT && checks.includes(check) ? 'failed' : 'passed';
const metric = (
  name: 'error-rate' | 'p95-ms' | 'requests-per-second',
  value: number,
  span: readonly [number, number],
) => every(60, span, (t) => ({ t, subject: SINGAPORE, metric: name, value }) as TraceLine);

describe('a trace in which all is well', () => {
  it('has one verdict, from the moment at which a quorum has spoken', () => {
    expect(told(verdicts(passed))).toEqual(['0 D100 NO_ACTION', '10 D900 NO_ACTION']);
  });
});

describe('a trace of a fault', () => {
  it('leaves a dark Region once every probe has failed three times', () => {
    const dark: Outcome = ({ t, subject, observer }) => {
      if (t < FAULT) return 'passed';
      if (observer === SINGAPORE) return undefined;
      return subject === SINGAPORE ? 'failed' : 'passed';
    };
    // The third probe is at 620, so all of them are seen at 630.
    expect(told(verdicts(dark)).slice(2)).toEqual(['630 D200 AUTOMATIC_FAILOVER']);
  });

  it('leaves a Region whose database writer failed three times', () => {
    expect(told(verdicts(failing('database-writer'))).slice(2)).toEqual(['630 D210 AUTOMATIC_FAILOVER']);
  });

  it.each([
    { healthyInstances: 5, said: [] },
    { healthyInstances: 4, said: ['620 D220 AUTOMATIC_FAILOVER'] },
  ])('judges $healthyInstances of 10 instances', ({ healthyInstances, said }) => {
    const counts = every(30, [FAULT, LENGTH], (t) => ({
      ...{ t, subject: SINGAPORE, service: 'order-service', instances: 10, healthyInstances },
    }));
    expect(told(verdicts(passed, counts)).slice(2)).toEqual(said);
  });

  it('leaves a Region that cannot reach the coordination table while its front door answers', () => {
    const cut = every(10, [0, LENGTH], (t) => ({ t, subject: SINGAPORE, coordinationReachable: t < FAULT }));
    expect(told(verdicts(passed, cut)).slice(2)).toEqual(['620 D230 AUTOMATIC_FAILOVER']);
  });

  it('leaves after more than five minutes of errors', () => {
    const errors = metric('error-rate', 0.15, [FAULT, LENGTH]);
    const requests = metric('requests-per-second', 20, [0, LENGTH]);
    expect(told(verdicts(passed, errors, requests)).slice(2)).toEqual(['910 D240 AUTOMATIC_FAILOVER']);
  });

  it('asks a person about two critical services, and watches one', () => {
    expect(told(verdicts(failing('order-service', 'payment-service'))).slice(2)).toEqual(['640 D300 MANUAL_REVIEW']);
    expect(told(verdicts(failing('inventory-service'))).slice(2)).toEqual(['670 D400 MONITOR']);
  });
});

describe('a metric', () => {
  it('holds until the next, and for three minutes at the longest', () => {
    const errors: readonly TraceLine[] = [{ t: FAULT, subject: SINGAPORE, metric: 'error-rate', value: 0.07 }];
    const slow = metric('p95-ms', 1_500, [0, LENGTH]);
    expect(told(verdicts(passed, errors, slow)).slice(2)).toEqual(['600 D300 MANUAL_REVIEW', '790 D900 NO_ACTION']);
  });
});

describe('an observer that is silent', () => {
  it('is not counted after three intervals', () => {
    const silent: Outcome = ({ t, observer }) => (t >= FAULT && observer !== TOKYO ? undefined : 'passed');
    expect(told(verdicts(silent)).slice(2)).toEqual(['630 D100 NO_ACTION']);
  });

  it('does not keep the others from agreeing', () => {
    expect(told(verdicts(({ t, observer }) => (t >= FAULT && observer === SEOUL ? undefined : 'passed')))).toHaveLength(
      2,
    );
  });
});

describe('a target that is not well', () => {
  it('closes the gate until it is', () => {
    const both: Outcome = ({ t, subject, check, observer }) => {
      if (t >= FAULT && observer === SINGAPORE) return undefined;
      if (subject === SINGAPORE) return t >= FAULT ? 'failed' : 'passed';
      return check === 'cache-cluster' && t < 800 ? 'failed' : 'passed';
    };
    expect(told(verdicts(both)).slice(2)).toEqual([
      '630 D200 MANUAL_REVIEW target-healthy',
      '830 D200 AUTOMATIC_FAILOVER',
    ]);
  });
});

describe('a Region that comes and goes', () => {
  it('is left to a person the third time within the hour', () => {
    const flapping: Outcome = ({ t, subject }) =>
      subject === SINGAPORE && Math.floor(t / 120) % 2 === 1 ? 'failed' : 'passed';
    const list = told(verdicts(flapping)).filter((line) => line.includes('D200'));
    expect(list.map((line) => line.replace(/^\d+ /, ''))).toEqual([
      'D200 AUTOMATIC_FAILOVER',
      'D200 AUTOMATIC_FAILOVER',
      'D200 MANUAL_REVIEW not-flapping',
      'D200 MANUAL_REVIEW not-flapping',
      'D200 MANUAL_REVIEW not-flapping',
    ]);
  });
});

describe('the moments of verdicts', () => {
  const probe = (t: number): TraceLine => ({
    t,
    observer: SEOUL,
    subject: SINGAPORE,
    check: 'order-service',
    result: 'passed',
  });

  it.each([
    { lines: [probe(3)], first: 10 },
    { lines: [probe(10)], first: 10 },
    { lines: [probe(1_763_712_003)], first: 1_763_712_010 },
  ])('begin with the first multiple of ten seconds', ({ lines, first }) => {
    expect(judgeTrace(config, lines).map(({ t }) => t)).toEqual([first]);
  });

  it('end with the trace', () => {
    expect(judgeTrace(config, [probe(3), { t: 9, end: true }])).toEqual([]);
  });
});
