import { describe, expect, it } from 'vitest';
import exampleConfig from '../../switchyard.config.ts';
import { type FinishedRun, runOnce } from '../../twin/scenarios/run-once.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { never } from '../../twin/step-functions/sandbox.ts';
import { namedError } from '../../twin/step-functions/task-tokens.ts';
import { broken, manualInput } from '../_helpers/rehearse.ts';

/** A failover between Regions that are well, as a person starts it. */
const FAILOVER: Scenario = {
  name: 'injected-errors',
  about: 'a manual failover whose functions fail',
  untilSeconds: 900,
  faults: [],
  actions: [{ action: 'start', machine: 'failover', atSeconds: 200, input: manualInput() }],
  expectations: [{ text: 'there is one operation', path: 'operations.length', op: 'equals', value: 1 }],
};

/** What becomes of the n-th invocation of a state's function, from 1: it runs, throws, or works and answers nobody. */
type Fate = (state: string, invocation: number) => 'run' | 'work in silence' | Error;

/** Runs the failover with the real steps; what the invocations of its functions come to, the test says. */
function runWith(fate: Fate): Promise<FinishedRun> {
  const invocations = new Map<string, number>();
  return runOnce({
    scenario: FAILOVER,
    config: exampleConfig,
    seed: 1,
    onWorld: (world) => {
      const { invoke } = world.lambda;
      world.lambda.invoke = async (region, name, payload, sandbox) => {
        if (sandbox === undefined) return invoke(region, name, payload);
        const state = world.machines.executions().at(-1)?.states.at(-1)?.state ?? '';
        const invocation = (invocations.get(state) ?? 0) + 1;
        invocations.set(state, invocation);
        const does = fate(state, invocation);
        if (does instanceof Error) throw does;
        const output = await invoke(region, name, payload, sandbox);
        return does === 'run' ? output : never();
      };
    },
  });
}

const THROTTLED = namedError('Lambda.TooManyRequestsException', 'Rate Exceeded.');
const UNDECLARED = namedError('Boom', JSON.stringify({ errorType: 'Boom', errorMessage: 'nobody knows it' }));

describe('a failover whose every function is throttled once, and once works and answers nobody', () => {
  it('changes the world as one that nothing befalls', async () => {
    const smooth = await runWith(() => 'run');
    const bumpy = await runWith((_, invocation) =>
      invocation === 1 ? THROTTLED : invocation === 2 ? 'work in silence' : 'run',
    );
    expect(broken(bumpy.result)).toEqual([]);
    expect(bumpy.result.failover.status).toBe('SUCCEEDED');
    expect(bumpy.sideEffects).toEqual(smooth.sideEffects);
  });
});

describe('a failover in which one function fails for good, with an error that nobody declared,', () => {
  it.each([
    { state: 'NotifyStarted', status: 'SUCCEEDED', serves: 'ap-northeast-1' },
    { state: 'ValidateTarget', status: 'ABORTED', serves: 'ap-southeast-1' },
    { state: 'FenceSource', status: 'ABORTED', serves: 'ap-southeast-1' },
    { state: 'StartPromotion', status: 'FAILED', serves: 'ap-southeast-1' },
    { state: 'StartScaling', status: 'NEEDS_OPERATOR', serves: 'ap-southeast-1' },
    { state: 'ShiftTraffic', status: 'NEEDS_OPERATOR', serves: 'ap-southeast-1' },
    { state: 'AwaitPromotion', status: 'NEEDS_OPERATOR', serves: 'ap-northeast-1' },
    { state: 'AwaitCapacity', status: 'NEEDS_OPERATOR', serves: 'ap-northeast-1' },
    { state: 'VerifyAnswers', status: 'NEEDS_OPERATOR', serves: 'ap-northeast-1' },
    { state: 'WriteRecords', status: 'SUCCEEDED', serves: 'ap-northeast-1' },
    { state: 'AdjustLoadBalancers', status: 'SUCCEEDED', serves: 'ap-northeast-1' },
    { state: 'VerifyTraffic', status: 'NEEDS_OPERATOR', serves: 'ap-northeast-1' },
    { state: 'ValidateService', status: 'NEEDS_OPERATOR', serves: 'ap-northeast-1' },
    { state: 'CloseOperation', status: 'NEEDS_OPERATOR', serves: 'ap-northeast-1' },
    { state: 'NotifySucceeded', status: 'SUCCEEDED', serves: 'ap-northeast-1' },
  ])('$state, ends $status and $serves serves', async ({ state, status, serves }) => {
    const { result } = await runWith((entered) => (entered === state ? UNDECLARED : 'run'));
    expect(broken(result)).toEqual([]);
    expect(result.operations).toMatchObject([{ status }]);
    expect(result.world.activeRegion).toBe(serves);
    if (status === 'NEEDS_OPERATOR') expect(result.notifications.at(-1)?.subject).toContain('[NEEDS_OPERATOR]');
  });
});
