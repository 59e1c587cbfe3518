import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ConfigInput } from '../../../core/config/types.ts';
import type { Answer } from '../../../core/ports.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createRollBack } from '../../../lambdas/roll-back/roll-back.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { type StepWorld, stepWorld, UNPINNED } from '../../_helpers/steps/step-world.ts';

type Hooks = NonNullable<NonNullable<ConfigInput['failover']>['fenceHooks']>;
type Answered = Answer<{ readonly body: string }>;
const OK: Answered = { answered: true, body: '{}' };
const BROKEN: Answered = { answered: false, reason: 'stop-batches failed: {}' };
const BATCHES = { name: 'batches', function: 'stop-batches', timeoutSeconds: 3 };

/** A fence with hooks, which answer by the name of their function; every call is kept. */
function hookedWorld(fenceHooks: Hooks, answers: Record<string, Answered> = {}) {
  const world = stepWorld(
    resolveConfig({ ...UNPINNED, failover: { ...UNPINNED.failover, fenceHooks } } as ConfigInput),
  );
  const calls: { name: string; payload: unknown; timeoutMs: number; writerEpoch: number }[] = [];
  const functions = {
    call: async (name: string, payload: unknown, timeoutMs: number) => {
      calls.push({ name, payload, timeoutMs, writerEpoch: (await world.state()).writerEpoch });
      return answers[name] ?? OK;
    },
  };
  const context = { ...world.context(), ports: { ...world.ports, functions } };
  return { world, calls, answers, fence: createFenceSource(context) };
}

const hookLines = async (world: StepWorld, input: Awaited<ReturnType<StepWorld['open']>>) =>
  (await world.lines(input, 'fence-source')).filter(({ detail }) => 'hook' in detail);

describe('a fence hook', () => {
  it('is told what is fenced, once the right to commit is taken, and the fence says what became of it', async () => {
    const { world, calls, fence } = hookedWorld([BATCHES]);
    const input = await world.open();
    expect(await fence(input)).toEqual({ done: true, waitSeconds: 0 });
    const { operationId } = input.operation;
    const payload = {
      operationId,
      epoch: 1,
      application: 'storefront',
      kind: 'failover',
      source: SINGAPORE,
      target: TOKYO,
      mode: 'manual',
    };
    expect(calls).toEqual([{ name: 'stop-batches', payload, timeoutMs: 3000, writerEpoch: 1 }]);
    expect(await world.lines(input, 'fence-source')).toMatchObject([
      { outcome: 'requested', detail: { hook: 'batches', required: true, succeeded: true } },
      { outcome: 'done', detail: { by: 'never-held', hooks: [{ hook: 'batches', succeeded: true }] } },
    ]);
  });

  it('is called once, however often the fence is looked at', async () => {
    const { world, calls, fence } = hookedWorld([BATCHES]);
    const input = await world.open();
    await world.setState({
      writeLeaseExpiresAtEpochMs: world.ports.clock.nowMs + 20_000,
      writeLeaseRegion: SINGAPORE,
      writeLeaseHolder: SINGAPORE,
    });
    expect((await fence(input)).done).toBe(false);
    world.ports.clock.pass(25);
    expect((await fence(input)).done).toBe(true);
    expect(calls).toHaveLength(1);
    expect((await world.lines(input, 'fence-source')).at(-1)?.detail).toMatchObject({
      by: 'lease-expired',
      notReached: { region: SINGAPORE, process: SINGAPORE },
      clockMarginMs: 5000,
      hooks: [{ hook: 'batches' }],
    });
  });

  it('that is required and fails ends the step by name, and no fence is on record', async () => {
    const { world, fence } = hookedWorld([BATCHES], { 'stop-batches': BROKEN });
    const input = await world.open();
    await expect(fence(input)).rejects.toMatchObject({
      name: 'FenceHookFailedError',
      retryable: false,
      source: 'operator',
      message: expect.stringContaining('batches (stop-batches failed: {})'),
    });
    expect(await world.lines(input, 'fence-source')).toMatchObject([
      { outcome: 'failed', detail: { succeeded: false } },
    ]);
  });

  it('that is required is called again after it failed, and the fence stands then', async () => {
    const { world, calls, answers, fence } = hookedWorld([BATCHES], { 'stop-batches': BROKEN });
    const input = await world.open();
    await expect(fence(input)).rejects.toThrow();
    answers['stop-batches'] = OK;
    expect((await fence(input)).done).toBe(true);
    expect(calls).toHaveLength(2);
  });

  it('that is optional and fails is on record and passed over, once', async () => {
    const { world, calls, fence } = hookedWorld([{ ...BATCHES, required: false }], { 'stop-batches': BROKEN });
    const input = await world.open();
    expect((await fence(input)).done).toBe(true);
    expect((await fence(input)).done).toBe(true);
    expect(calls).toHaveLength(1);
    expect(await hookLines(world, input)).toMatchObject([{ outcome: 'failed', detail: { required: false } }]);
  });

  it('that is missing keeps no other from being called, and every failure is named', async () => {
    const hooks = [BATCHES, { name: 'imports', function: 'stop-imports' }, { name: 'grants', function: 'revoke' }];
    const { world, calls, fence } = hookedWorld(hooks, { 'stop-batches': BROKEN, revoke: BROKEN });
    const input = await world.open();
    await expect(fence(input)).rejects.toThrow(/batches .*grants/);
    expect(calls.map(({ name }) => name)).toEqual(['stop-batches', 'stop-imports', 'revoke']);
    await expect(fence(input)).rejects.toThrow(/batches .*grants/);
    expect(calls.map(({ name }) => name).slice(3)).toEqual(['stop-batches', 'revoke']);
  });

  it('is called anew by a fence that follows a roll back', async () => {
    const { world, calls, fence } = hookedWorld([BATCHES]);
    const input = await world.open();
    await fence(input);
    world.ports.coordination.failNext('setStatus');
    const error = { Error: 'PromotionRefusedError', Cause: 'not now' };
    await expect(createRollBack(world.context())({ ...input, error })).rejects.toThrow();
    await fence(input);
    expect(calls).toHaveLength(2);
  });
});

describe('the record of a fence', () => {
  it('names who acknowledged it', async () => {
    const { world, fence } = hookedWorld([]);
    const input = await world.open();
    const until = world.ports.clock.nowMs + 20_000;
    await world.setState({
      writeLeaseExpiresAtEpochMs: until,
      writeLeaseRegion: SINGAPORE,
      writeLeaseHolder: 'writer-1',
    });
    expect((await fence(input)).done).toBe(false);
    await world.setState({ fenceAcknowledgedEpoch: 1 });
    await fence(input);
    expect((await world.lines(input, 'fence-source'))[0]?.detail).toMatchObject({
      by: 'acknowledged',
      acknowledgedBy: { region: SINGAPORE, process: 'writer-1' },
      formerWriter: SINGAPORE,
    });
  });
});
