import { describe, expect, it } from 'vitest';
import { LARGEST_LAG_AGE_SECONDS } from '../../../core/operation/lag-age.ts';
import { PLANNED_TTL_SECONDS, TTL_LEAD_SECONDS } from '../../../core/operation/planned.ts';
import { PLANNED_POLL_SECONDS } from '../../../core/operation/polling.ts';
import { createAwaitLag } from '../../../lambdas/await-lag/await-lag.ts';
import { createCloseOperation } from '../../../lambdas/close-operation/close-operation.ts';
import { createDrainConnections } from '../../../lambdas/drain-connections/drain-connections.ts';
import { createPrepareRecords } from '../../../lambdas/prepare-records/prepare-records.ts';
import { createReconcileRecords } from '../../../lambdas/reconcile-records/reconcile-records.ts';
import { createRollBack } from '../../../lambdas/roll-back/roll-back.ts';
import type { PollOutput, StepInput } from '../../../state-machines/contracts.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const DONE: PollOutput = { done: true, waitSeconds: 0 };
const LONG_TTL_SECONDS = 120;
const base = stepWorld().config;
const LONG_TTL = { ...base, ttlSeconds: LONG_TTL_SECONDS };
const error = { Error: 'NotPreparedError', Cause: '{"errorMessage":"the lag is 9 s"}' };

const prepare = (world: StepWorld, input: StepInput) => createPrepareRecords(world.context())(input);
const awaitLag = (world: StepWorld, input: StepInput) => createAwaitLag(world.context())(input);
const drain = (world: StepWorld, input: StepInput) => createDrainConnections(world.context())(input);
const plan = (world: StepWorld): Promise<StepInput> => world.open('failover', { mode: 'planned' });

/** TTLs of the weighted records, in the zone. */
function liveTtls({ ports }: StepWorld): readonly (number | undefined)[] {
  return [...new Set(ports.records.live.filter(({ Weight }) => Weight !== undefined).map(({ TTL }) => TTL))];
}

function measureLag(world: StepWorld, seconds: number, ageSeconds = 0): void {
  const measuredAtEpochMs = world.ports.clock.nowMs - ageSeconds * 1000;
  world.ports.dataTier.lags.set(TOKYO, { seconds, measuredAtEpochMs });
}

/** Everything in the source has failed, and every observer says so. */
async function failSource(world: StepWorld): Promise<void> {
  const all = { status: 'failed', settled: 'failed', consecutiveFailures: 5, consecutivePasses: 0 } as const;
  await world.observe(SINGAPORE, { all });
}

describe('prepare-records', () => {
  it('lowers the TTL of every record that clients cache, leaves the weights, and waits for the lead time', async () => {
    const world = stepWorld(LONG_TTL);
    const input = await plan(world);
    expect(liveTtls(world)).toEqual([LONG_TTL_SECONDS]);
    expect(await prepare(world, input)).toEqual({ done: false, waitSeconds: PLANNED_POLL_SECONDS });
    expect(liveTtls(world)).toEqual([PLANNED_TTL_SECONDS]);
    expect([world.ports.records.weightOf(SINGAPORE), world.ports.records.weightOf(TOKYO)]).toEqual([100, 0]);
    expect(await world.state()).toMatchObject({ loweredTtlSeconds: PLANNED_TTL_SECONDS, recordsPending: false });
    world.ports.clock.pass(TTL_LEAD_SECONDS - 1);
    expect(await prepare(world, input)).toEqual({ done: false, waitSeconds: 1 });
    world.ports.clock.pass(1);
    expect(await prepare(world, input)).toEqual(DONE);
    expect(await prepare(world, input)).toEqual(DONE);
    expect(world.ports.records.batches).toHaveLength(1);
    expect((await world.lines(input, 'prepare-records')).map(({ outcome }) => outcome)).toEqual([
      'requested',
      'waiting',
      'done',
    ]);
  });

  it('counts the lead time from the moment at which the TTL is in force everywhere', async () => {
    const world = stepWorld(LONG_TTL);
    const input = await plan(world);
    world.ports.records.inSync = false;
    expect(await prepare(world, input)).toEqual({ done: false, waitSeconds: 2 });
    world.ports.clock.pass(60);
    world.ports.records.inSync = true;
    await prepare(world, input);
    world.ports.clock.pass(TTL_LEAD_SECONDS - 1);
    expect(await prepare(world, input)).toEqual({ done: false, waitSeconds: 1 });
  });

  it('gives up where it is not in force after ten minutes', async () => {
    const world = stepWorld(LONG_TTL);
    const input = await plan(world);
    world.ports.records.inSync = false;
    await prepare(world, input);
    world.ports.clock.pass(600);
    expect(await prepare(world, input)).toMatchObject({ done: false });
    world.ports.clock.pass(1);
    await expect(prepare(world, input)).rejects.toMatchObject({
      name: 'NotPreparedError',
      message: expect.stringMatching(/change C1 .* after 601 s, 600 s are allowed/),
    });
  });

  it.each([
    { what: 'at 60 s', config: { ...base, ttlSeconds: 60 } },
    {
      what: 'of load balancers, which cannot be changed',
      config: {
        ...LONG_TTL,
        regions: base.regions.map((region) => ({
          ...region,
          endpoint: {
            url: `https://${region.id}.storefront.example`,
            target: { dnsName: `lb.${region.id}.elb.amazonaws.com`, hostedZoneId: 'Z1LMS91P8CMLE5' },
          },
        })),
      },
    },
  ])('has nothing to do with TTLs $what, and asks nobody', async ({ config }) => {
    const world = stepWorld(config as typeof base);
    const input = await plan(world);
    world.ports.records.failures.list = new Error('Route 53 was asked');
    expect(await prepare(world, input)).toEqual(DONE);
    expect(await world.lines(input, 'prepare-records')).toMatchObject([{ outcome: 'skipped' }]);
  });

  it('writes once though it died between the batch and the record', async () => {
    const world = stepWorld(LONG_TTL);
    const input = await plan(world);
    world.ports.records.failures.keepWeights = new Error('gone');
    world.ports.records.failures.lostAnswer = Object.assign(new Error('no answer'), { name: 'TimeoutError' });
    await expect(prepare(world, input)).rejects.toThrow();
    await prepare(world, input);
    expect(world.ports.records.batches).toHaveLength(1);
    expect(await world.state()).toMatchObject({ recordsPending: false });
  });

  it('ends at once where the source fails meanwhile', async () => {
    const world = stepWorld(LONG_TTL);
    const input = await plan(world);
    await failSource(world);
    await expect(prepare(world, input)).rejects.toMatchObject({ name: 'CurrentRegionFailedError' });
    expect(liveTtls(world)).toEqual([LONG_TTL_SECONDS]);
  });
});

describe('await-lag', () => {
  it.each([
    { lag: 1, waits: false },
    { lag: 1.001, waits: true },
  ])('waits at a lag of $lag s: $waits', async ({ lag, waits }) => {
    const world = stepWorld();
    const input = await plan(world);
    measureLag(world, lag);
    expect(await awaitLag(world, input)).toEqual(waits ? { done: false, waitSeconds: PLANNED_POLL_SECONDS } : DONE);
  });

  it.each([
    { age: LARGEST_LAG_AGE_SECONDS, waits: false },
    { age: LARGEST_LAG_AGE_SECONDS + 1, waits: true },
  ])('believes a measurement of $age s ago: waits $waits', async ({ age, waits }) => {
    const world = stepWorld();
    const input = await plan(world);
    measureLag(world, 0.3, age);
    expect((await awaitLag(world, input)).done).toBe(!waits);
  });

  it('waits where nothing is measured, and gives up after the minutes of the config', async () => {
    const world = stepWorld();
    const input = await plan(world);
    await awaitLag(world, input);
    world.ports.clock.pass(15 * 60 - 1);
    expect(await awaitLag(world, input)).toMatchObject({ done: false });
    world.ports.clock.pass(1);
    await expect(awaitLag(world, input)).rejects.toMatchObject({
      name: 'NotPreparedError',
      message: expect.stringMatching(/is not measured after 15 min \(failover\.lagMinutes\)/),
    });
  });

  it('ends at once where the source fails meanwhile', async () => {
    const world = stepWorld();
    const input = await plan(world);
    await failSource(world);
    measureLag(world, 0);
    await expect(awaitLag(world, input)).rejects.toMatchObject({ name: 'CurrentRegionFailedError' });
  });
});

describe('drain-connections', () => {
  it('waits for the seconds of the config and says what still reaches the source', async () => {
    const world = stepWorld();
    const input = await plan(world);
    world.ports.traffic.readings.set(SINGAPORE, { requestsPerSecond: 1.5 });
    expect(await drain(world, input)).toEqual({ done: false, waitSeconds: PLANNED_POLL_SECONDS });
    world.ports.clock.pass(299);
    expect(await drain(world, input)).toEqual({ done: false, waitSeconds: 1 });
    world.ports.clock.pass(1);
    expect(await drain(world, input)).toEqual(DONE);
    expect(await world.lines(input, 'drain-connections')).toMatchObject([
      { outcome: 'waiting' },
      { outcome: 'done', detail: { drainSeconds: 300, leftRequestsPerSecond: 1.5 } },
    ]);
  });

  it('says nothing of a source that does not answer', async () => {
    const world = stepWorld({ ...base, failover: { ...base.failover, drainSeconds: 0 } });
    const input = await plan(world);
    expect(await drain(world, input)).toEqual(DONE);
    expect((await world.lines(input, 'drain-connections')).at(-1)?.detail).toEqual({ drainSeconds: 0 });
  });
});

describe('the TTL that planned work has lowered', () => {
  /** Planned work with the TTL lowered. */
  async function lowered(): Promise<{ world: StepWorld; input: StepInput }> {
    const world = stepWorld(LONG_TTL);
    const input = await plan(world);
    await prepare(world, input);
    return { world, input };
  }

  it.each(['SUCCEEDED', 'ABORTED', 'NEEDS_OPERATOR'] as const)('is given back at the end: %s', async (status) => {
    const { world, input } = await lowered();
    await createCloseOperation(world.context())({ ...input, status });
    expect(await world.state()).toMatchObject({
      loweredTtlSeconds: null,
      ttlPending: true,
      recordsPending: true,
      operationId: null,
    });
    await createReconcileRecords(world.context(SINGAPORE))();
    expect(liveTtls(world)).toEqual([LONG_TTL_SECONDS]);
    expect(await world.state()).toMatchObject({ recordsPending: false, ttlPending: false });
  });

  it('is rolled back where the work is put off, and the record says so: FAILED', async () => {
    const { world, input } = await lowered();
    await createRollBack(world.context())({ ...input, error });
    expect(liveTtls(world)).toEqual([LONG_TTL_SECONDS]);
    expect(await world.record(input)).toMatchObject({ status: 'FAILED' });
    expect((await world.lines(input, 'roll-back')).at(-2)).toMatchObject({
      outcome: 'compensated',
      detail: { what: 'ttl', did: 'the TTL is 120 s again' },
    });
  });

  it('is rolled back by the reconciler where Route 53 takes no changes', async () => {
    const { world, input } = await lowered();
    world.ports.records.failures.list = new Error('no answer');
    await createRollBack(world.context())({ ...input, error });
    expect(liveTtls(world)).toEqual([PLANNED_TTL_SECONDS]);
    await createReconcileRecords(world.context(SINGAPORE))();
    expect(liveTtls(world)).toEqual([LONG_TTL_SECONDS]);
  });

  it('is given back by the reconciler where the planned work died, once its lease is over', async () => {
    const { world } = await lowered();
    await createReconcileRecords(world.context(SINGAPORE))();
    expect(liveTtls(world)).toEqual([PLANNED_TTL_SECONDS]);
    world.ports.clock.pass(3_600);
    await createReconcileRecords(world.context(SINGAPORE))();
    expect(liveTtls(world)).toEqual([LONG_TTL_SECONDS]);
    expect(await world.state()).toMatchObject({ loweredTtlSeconds: null, ttlPending: false, recordsPending: false });
  });

  it('is given back by the operation that follows one that died', async () => {
    const { world } = await lowered();
    world.ports.clock.pass(3_600);
    await world.open('failover', {}, 'the-next');
    expect(await world.state()).toMatchObject({ loweredTtlSeconds: null, ttlPending: true, recordsPending: true });
  });

  it('keeps no failover waiting where the source itself failed', async () => {
    const { world, input } = await lowered();
    const failed = { Error: 'CurrentRegionFailedError', Cause: '{"errorMessage":"it has failed"}' };
    await createRollBack(world.context())({ ...input, error: failed });
    expect(await world.state()).toMatchObject({ lastOperationEndedAtEpochMs: null, phase: 'STEADY' });
  });
});
