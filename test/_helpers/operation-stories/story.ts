import fc from 'fast-check';
import { WRITE_LEASE } from '../../../core/operation/write-lease.ts';
import { SINGAPORE, TOKYO } from '../config.ts';

/**
 * What becomes of one call to the table. `lost`: the table serves it and the caller gives up before the answer. `twice`:
 * the SDK, which got no answer, sends it again, and the caller sees what the second one brought.
 */
export interface Call {
  readonly servedAfterMs: number;
  readonly answeredAfterMs: number;
  readonly fate: 'answered' | 'lost' | 'twice';
}

/** One run of a function: how long nobody runs it before, and the call in which its process stops, if it does. */
export interface Invocation {
  readonly pauseSeconds: number;
  readonly stopsAtCall: number | null;
  /** Whether the table still gets that call. */
  readonly stopsAfterServed: boolean;
}

/** What somebody asks for, and what becomes of the execution. */
export interface Asked {
  readonly atSeconds: number;
  readonly kind: 'failover' | 'failback';
  readonly way: readonly [source: string, target: string];
  readonly skewMs: number;
  readonly calls: readonly Call[];
  readonly invocations: readonly Invocation[];
  /** The execution is stopped before the state of that number, and nobody redrives it. */
  readonly stoppedBefore: number | null;
}

/** An observer that sees the active Region dead for some rounds. */
export interface Watch {
  readonly skewMs: number;
  readonly fromSeconds: number;
  readonly rounds: number;
  readonly calls: readonly Call[];
}

/** Two operators, three observers, the executions that they start, and a writer in each Region. */
export interface Story {
  readonly operators: readonly (readonly Asked[])[];
  readonly watches: readonly Watch[];
  /** What becomes of the executions that observers start. */
  readonly started: Omit<Asked, 'atSeconds' | 'kind' | 'way'>;
  readonly writers: readonly { readonly skewMs: number; readonly calls: readonly Call[] }[];
}

/** Where nothing is late, lost or stopped. */
export const PROMPT: Call = { servedAfterMs: 20, answeredAfterMs: 20, fate: 'answered' };

const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      servedAfterMs: fc.nat(200),
      answeredAfterMs: fc.nat(200),
      fate: fc.constant<Call['fate']>('answered'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      servedAfterMs: fc.nat(4_000),
      answeredAfterMs: fc.nat(2_000),
      fate: fc.constantFrom<Call['fate']>('answered', 'lost', 'twice'),
    }),
  },
);
const calls = fc.array(call, { minLength: 1, maxLength: 12 });

/** Once in six times. */
function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const invocation: fc.Arbitrary<Invocation> = fc.record({
  pauseSeconds: fc.oneof(
    { weight: 6, arbitrary: fc.nat(5) },
    // Longer than most leases: whoever goes on after that may have been overtaken.
    { weight: 1, arbitrary: fc.integer({ min: 100, max: 400 }) },
  ),
  stopsAtCall: sometimes(fc.nat(6)),
  stopsAfterServed: fc.boolean(),
});

/** No two clocks are further apart than the margin. */
const skewMs = fc.integer({ min: -WRITE_LEASE.clockMarginMs / 2, max: WRITE_LEASE.clockMarginMs / 2 });

const execution = {
  skewMs,
  calls,
  invocations: fc.array(invocation, { minLength: 1, maxLength: 10 }),
  stoppedBefore: sometimes(fc.nat(4)),
};

const asked: fc.Arbitrary<Asked> = fc.record({
  atSeconds: fc.nat(500),
  kind: fc.constantFrom('failover', 'failover', 'failback'),
  way: fc.constantFrom([SINGAPORE, TOKYO] as const, [SINGAPORE, TOKYO] as const, [TOKYO, SINGAPORE] as const),
  ...execution,
});

/** Any interleaving of all of them. */
export const anyStory: fc.Arbitrary<Story> = fc.record({
  operators: fc.array(fc.array(asked, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 2 }),
  watches: fc.array(fc.record({ skewMs, fromSeconds: fc.nat(300), rounds: fc.nat(6), calls }), {
    minLength: 3,
    maxLength: 3,
  }),
  started: fc.record(execution),
  writers: fc.array(fc.record({ skewMs, calls }), { minLength: 2, maxLength: 2 }),
});
