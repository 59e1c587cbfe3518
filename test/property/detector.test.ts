import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applicationRegions, checksOf, observersOf } from '../../core/config/accessors.ts';
import { hasChanged } from '../../core/decision/decide.ts';
import { decideOn } from '../../core/decision/decide-on.ts';
import type { Decision } from '../../core/decision/outcome.ts';
import { createDetector } from '../../core/trace/detector.ts';
import type { TraceLine } from '../../core/trace/trace-line.ts';
import { SINGAPORE, TOKYO, testConfig } from '../_helpers/config.ts';

const config = testConfig();
const SECONDS = 600;
const t = fc.integer({ min: 0, max: SECONDS });
const subject = fc.constantFrom(...applicationRegions(config));
const observer = fc.constantFrom(...observersOf(config));
const check = fc.constantFrom(...checksOf(config).map(({ name }) => name));

const lines: fc.Arbitrary<TraceLine> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ t, observer, subject, check, result: fc.constantFrom('passed', 'failed', 'error') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ t, subject, metric: fc.constant('error-rate'), value: fc.constantFrom(0, 0.06, 0.2) }),
  },
  { weight: 1, arbitrary: fc.record({ t, subject, metric: fc.constant('p95-ms'), value: fc.constantFrom(90, 2_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({ t, subject, metric: fc.constant('requests-per-second'), value: fc.constantFrom(0.5, 9) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      t,
      subject,
      service: check,
      instances: fc.constant(4),
      healthyInstances: fc.integer({ min: 0, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ t, subject, coordinationReachable: fc.boolean() }) },
) as fc.Arbitrary<TraceLine>;

/** Spells of one observer about one check, so that thresholds are reached. */
const spells: fc.Arbitrary<readonly TraceLine[]> = fc
  .record({
    from: t,
    length: fc.integer({ min: 1, max: 30 }),
    observer: fc.subarray([...observersOf(config)]),
    subject,
    check,
  })
  .map(({ from, length, observer: who, subject: whom, check: name }) =>
    who.flatMap((one) =>
      Array.from({ length }, (_, index) => ({
        ...{ t: from + index * 10, observer: one, subject: whom, check: name, result: 'failed' as const },
      })),
    ),
  );

/** All is well but for what is laid over it. */
const ordinary: readonly TraceLine[] = Array.from({ length: SECONDS / 10 }, (_, round) => round * 10).flatMap((at) =>
  observersOf(config).flatMap((one) =>
    applicationRegions(config).flatMap((whom) =>
      checksOf(config)
        .filter(({ check: row }) => at % row.intervalSeconds === 0)
        .map(({ name }): TraceLine => ({ t: at, observer: one, subject: whom, check: name, result: 'passed' })),
    ),
  ),
);

/** What is laid over a trace; the trace itself is built of it, so that a counterexample can be read. */
const overlays = fc.record({
  onWellRegions: fc.boolean(),
  single: fc.array(lines, { maxLength: 60 }),
  spells: fc.array(spells, { maxLength: 6 }),
});

/** Three failures and one pass: still failed, and no longer often enough for the writer's row. */
const PASSED_ONCE = {
  onWellRegions: false,
  single: [{ t: 21, observer: SINGAPORE, subject: SINGAPORE, check: 'database-writer', result: 'passed' as const }],
  spells: [
    [SINGAPORE, TOKYO].flatMap((one) =>
      [0, 10, 20].map((at) => ({
        ...{ t: at, observer: one, subject: SINGAPORE, check: 'database-writer', result: 'failed' as const },
      })),
    ),
  ],
};

describe('the detector', () => {
  it('draws the verdicts that the decision step would from all the reports, at every moment', () => {
    fc.assert(
      fc.property(overlays, ({ onWellRegions, single, spells: failing }) => {
        const trace = [...(onWellRegions ? ordinary : []), ...single, ...failing.flat()].toSorted((a, b) => a.t - b.t);
        const detector = createDetector(config);
        let previous: Decision | undefined;
        let next = 0;
        for (let at = 0; at <= SECONDS; at += 10) {
          for (let line = trace[next]; line !== undefined && line.t <= at; line = trace[++next]) detector.take(line);
          const verdict = detector.decideAt(at);
          const situation = { ...detector.situation(), decision: previous };
          const expected = decideOn({ config, situation, nowEpochMs: at * 1000 });
          expect(essence(verdict)).toEqual(essence(expected));
          if (hasChanged(previous, expected)) {
            expect(verdict.reason).toBe(expected.reason);
            previous = expected;
          }
        }
      }),
      { numRuns: 150, examples: [[PASSED_ONCE]] },
    );
  });
});

function essence({ subject: about, outcome, ruleId, closedGate, target }: Decision): unknown {
  return { about, outcome, ruleId, closedGate, target };
}
