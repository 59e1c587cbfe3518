import { describe, expect, it } from 'vitest';
import { allStates, delaysOf, edgeNames, MACHINE_NAMES } from '../_helpers/asl.ts';
import { thrown, type Walk, type Walked, walk } from '../_helpers/walk-machine.ts';
import { FAILBACK_CATCHES } from './failback-catches.ts';
import { FAILOVER_CATCHES } from './failover-catches.ts';
import type { CatchTable, Route } from './walk-tables.ts';

const TABLES: Readonly<Record<(typeof MACHINE_NAMES)[number], CatchTable>> = {
  failover: FAILOVER_CATCHES,
  failback: FAILBACK_CATCHES,
};

/** An error that no state knows by name stands for all of those. */
const ANY_OTHER = 'Boom';

interface Row {
  readonly state: string;
  readonly error: string;
  readonly route: Route;
  readonly path: string;
}

function rowsOf(table: CatchTable): readonly Row[] {
  return Object.entries(table).flatMap(([state, { route = {}, caught }]) =>
    Object.entries(caught).map(([error, path]) => ({ state, error, route, path })),
  );
}

/** A time-out is silence; what a person declines comes as the task's failure; everything else is thrown by the step. */
function failingAt(state: string, error: string, route: Route): Omit<Walk, 'machine'> {
  if (error === 'States.Timeout') return { ...route, answers: { ...route.answers, [state]: 'silence' } };
  if (error === 'ApprovalDeclinedError') return { ...route, answers: { ...route.answers, [state]: { error } } };
  const name = error === 'States.ALL' ? ANY_OTHER : error;
  return { ...route, steps: { ...route.steps, [state]: thrown(name) } };
}

/** Where it went after a state, and how it ended, as the tables have it. */
function pathAfter(state: string, { states, end }: Walked): string {
  return `${states.slice(states.indexOf(state) + 1).join(' ')} | ${end}`;
}

describe.each(MACHINE_NAMES)('every Catch of the %s', (machine) => {
  const rows = rowsOf(TABLES[machine]);

  it('is in the table of walks, and nothing else is', () => {
    const walked = rows.map(({ state, error }) => `${state}: ${error}`);
    expect(walked.toSorted()).toEqual(edgeNames(machine, 'Task').toSorted());
  });

  it.each(rows)('$state: $error leads to $path', async ({ state, error, route, path }) => {
    const walked = await walk({ machine, ...failingAt(state, error, route) });
    expect(pathAfter(state, walked)).toBe(path);
  });

  it.each(rows.filter(({ error }) => error === 'OperationLostError'))(
    '$state: losing the operation touches nothing more',
    async ({ state, error, route }) => {
      const { calls, cause } = await walk({ machine, ...failingAt(state, error, route) });
      expect(calls.at(-1)?.state).toBe(state);
      expect(cause).toContain('OperationLostError was thrown');
    },
  );
});

describe.each(MACHINE_NAMES)('what may pass, in the %s,', (machine) => {
  const rows = rowsOf(TABLES[machine]).filter(({ error }) => error === 'States.ALL');
  const retriers = new Map(
    allStates('Task').flatMap(([of, name, { Retry = [] }]) => (of === machine ? [[name, Retry]] : [])),
  );

  it.each(rows)('is tried four times at $state and then is an error like any other', async ({ state, route, path }) => {
    const failing = { ...route, steps: { ...route.steps, [state]: thrown('TransientPlatformError') } };
    const walked = await walk({ machine, ...failing });
    expect(walked.calls.filter((call) => call.state === state)).toHaveLength(4);
    expect(pathAfter(state, walked)).toBe(path.replace(ANY_OTHER, 'TransientPlatformError'));
  });

  it.each(rows)('makes no difference at $state where the fourth try succeeds', async ({ state, route }) => {
    const smooth = await walk({ machine, ...route });
    const given = smooth.outputs.filter((output) => output.state === state);
    const stub = (call: number) => (call <= 3 ? thrown('TransientPlatformError') : given[call - 4]?.output);
    const bumpy = await walk({ machine, ...route, steps: { ...route.steps, [state]: stub } });
    expect(bumpy.states).toEqual(smooth.states);
    expect(bumpy.end).toBe(smooth.end);
    expect(bumpy.virtualSeconds - smooth.virtualSeconds).toBeLessThanOrEqual(7.1);
  });

  it.each(
    rows.filter(({ state }) =>
      retriers.get(state)?.some(({ ErrorEquals }) => ErrorEquals.includes('SwitchFailedError')),
    ),
  )('a switch that no guardian took is tried six times at $state, over 23 s', async ({ state, route, path }) => {
    const failing = { ...route, steps: { ...route.steps, [state]: thrown('SwitchFailedError') } };
    const walked = await walk({ machine, ...failing });
    const retrier = retriers.get(state)?.find(({ ErrorEquals }) => ErrorEquals.includes('SwitchFailedError'));
    expect(walked.calls.filter((call) => call.state === state)).toHaveLength(6);
    expect(retrier === undefined ? [] : delaysOf(retrier)).toEqual([1, 2, 4, 8, 8]);
    expect(walked.virtualSeconds).toBeGreaterThanOrEqual(23);
    expect(pathAfter(state, walked)).toBe(path.replace(ANY_OTHER, 'SwitchFailedError'));
  });

  it.each(
    rows.filter(({ state }) =>
      retriers.get(state)?.some(({ ErrorEquals }) => ErrorEquals.includes('DataNotCaughtUpError')),
    ),
  )('a copy that does not catch up is waited for at $state for five minutes', async ({ state, route, path }) => {
    const failing = { ...route, steps: { ...route.steps, [state]: thrown('DataNotCaughtUpError') } };
    const walked = await walk({ machine, ...failing });
    expect(walked.calls.filter((call) => call.state === state)).toHaveLength(31);
    expect(walked.virtualSeconds).toBeGreaterThanOrEqual(300);
    expect(pathAfter(state, walked)).toBe(path.replace(ANY_OTHER, 'DataNotCaughtUpError'));
  });

  it.each(
    rows.filter(({ state }) =>
      retriers.get(state)?.some(({ ErrorEquals }) => ErrorEquals.includes('WriterUnderWayError')),
    ),
  )('a writer that does not arrive is waited for at $state for five minutes', async ({ state, route, path }) => {
    const failing = { ...route, steps: { ...route.steps, [state]: thrown('WriterUnderWayError') } };
    const walked = await walk({ machine, ...failing });
    expect(walked.calls.filter((call) => call.state === state)).toHaveLength(31);
    expect(walked.virtualSeconds).toBeGreaterThanOrEqual(300);
    expect(pathAfter(state, walked)).toBe(path.replace(ANY_OTHER, 'WriterUnderWayError'));
  });

  it.each(
    rows.filter(({ state }) =>
      retriers.get(state)?.some(({ ErrorEquals }) => ErrorEquals.includes('CurrentRegionUnclearError')),
    ),
  )('a current Region that stays unclear holds at $state for a person after a minute', async ({ state, route }) => {
    const walked = await walk({
      machine,
      ...route,
      steps: { ...route.steps, [state]: thrown('CurrentRegionUnclearError') },
    });
    expect(walked.calls.filter((call) => call.state === state)).toHaveLength(13);
    expect(walked.virtualSeconds).toBeGreaterThanOrEqual(60);
    expect(walked.states).toContain('HoldForOperator');
  });
});
