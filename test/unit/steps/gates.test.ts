import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createProveRecovery } from '../../../lambdas/prove-recovery/prove-recovery.ts';
import { createReconcileData } from '../../../lambdas/reconcile-data/reconcile-data.ts';
import { createValidateTarget } from '../../../lambdas/validate-target/validate-target.ts';
import { inputFor } from '../../_fixtures/preset-matrix.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { FAILED, NO_DATA, type StepWorld, stepWorld, UNPINNED as storefront } from '../../_helpers/steps/step-world.ts';

const OPEN = { passed: true, reasons: [] };

const lag = (world: StepWorld, seconds: number, region = TOKYO, ageSeconds = 0) =>
  world.ports.dataTier.lags.set(region, {
    seconds,
    measuredAtEpochMs: world.ports.clock.nowMs - ageSeconds * 1000,
  });

describe('validate-target', () => {
  const validating = async (config = storefront, request = {}) => {
    const world = stepWorld(config);
    const input = await world.open('failover', request);
    await world.observe(TOKYO);
    await world.observe(SINGAPORE, { all: FAILED, metrics: { 'requests-per-second': 400 } });
    lag(world, 5);
    return { world, input, validate: createValidateTarget(world.context()) };
  };

  it('lets a target pass that is healthy by quorum and within the loss budget, and records what it saw', async () => {
    const { world, input, validate } = await validating();
    expect(await validate(input)).toEqual(OPEN);
    expect(await world.lines(input, 'validate-target')).toMatchObject([
      { outcome: 'done', detail: { lagSeconds: 5, loadRequestsPerSecond: 400, reasons: [] } },
    ]);
    expect((await world.state()).writerRegion).toBe(SINGAPORE);
  });

  it('gives every reason at once', async () => {
    const { world, input, validate } = await validating();
    await world.observe(TOKYO, { checks: { 'cache-cluster': FAILED, 'order-service': FAILED } });
    lag(world, 5.1, TOKYO, 90);
    const { passed, reasons } = await validate(input);
    expect(passed).toBe(false);
    expect(reasons).toEqual([
      expect.stringContaining('cache-cluster is failed'),
      expect.stringContaining('order-service is failed'),
      'replication lag 5.1 s (measured 90 s ago) exceeds the loss budget of 5 s',
    ]);
    expect((await world.lines(input, 'validate-target'))[0]).toMatchObject({ outcome: 'refused', detail: { reasons } });
  });

  it.each([
    { what: 'nobody has a fresh word on it', seconds: 31 },
    { what: 'its words are just old enough', seconds: 30 },
  ])('where $what', async ({ seconds }) => {
    const { world, input, validate } = await validating();
    world.ports.clock.pass(seconds);
    const { passed, reasons } = await validate(input);
    expect(passed).toBe(seconds <= 30);
    if (!passed) expect(reasons[0]).toMatch(/is unknown/);
  });

  it('does not take the word of one observer for a quorum', async () => {
    const { world, input, validate } = await validating();
    world.ports.clock.pass(60);
    await world.observe(TOKYO, { observers: [SEOUL] });
    expect((await validate(input)).passed).toBe(false);
  });

  it.each(['dark', 'empty'])('refuses a lag that is not measured (%s), unless it does not matter', async (how) => {
    const { world, input, validate } = await validating();
    world.ports.dataTier.lags.clear();
    if (how === 'dark') world.ports.dataTier.failures.replicationLag = noAnswer();
    expect((await validate(input)).reasons).toEqual([
      expect.stringContaining('replication lag was not measured in the last 24 h'),
    ]);
    const without = await validating(NO_DATA);
    without.world.ports.dataTier.lags.clear();
    expect(await without.validate(without.input)).toEqual(OPEN);
  });

  it('takes a loss that was accepted by name, and records it', async () => {
    const { world, input, validate } = await validating(storefront, { acceptDataLossSeconds: 60 });
    lag(world, 60);
    expect(await validate(input)).toEqual(OPEN);
    expect((await world.lines(input, 'validate-target'))[0]?.detail).toMatchObject({ acceptedLossSeconds: 60 });
  });

  it('lets an emergency pass and lists what it skipped', async () => {
    const { world, input, validate } = await validating(storefront, { mode: 'emergency' });
    lag(world, 100);
    const { passed, reasons } = await validate(input);
    expect(passed).toBe(true);
    expect((await world.lines(input, 'validate-target'))[0]).toMatchObject({
      outcome: 'done',
      detail: { skippedGates: reasons },
    });
  });

  it.each([
    { seconds: 60, passed: true },
    { seconds: 60.1, passed: false },
  ])('in an emergency that accepts 60 s by name, $seconds s pass: $passed', async ({ seconds, passed }) => {
    const { world, input, validate } = await validating(storefront, { mode: 'emergency', acceptDataLossSeconds: 60 });
    lag(world, seconds);
    expect((await validate(input)).passed).toBe(passed);
    const [line] = await world.lines(input, 'validate-target');
    expect(line?.outcome).toBe(passed ? 'done' : 'refused');
    expect(line?.detail['skippedGates']).toBeUndefined();
  });

  it('asked to confirm, is an error with every reason where the lag has grown while a person was asked', async () => {
    const { world, input, validate } = await validating();
    const confirm = { ...input, confirm: true };
    expect(await validate(confirm)).toEqual(OPEN);
    lag(world, 900);
    await expect(validate(confirm)).rejects.toMatchObject({
      name: 'TargetNotReadyError',
      message: expect.stringContaining('replication lag 900.0 s'),
    });
    expect((await world.lines(input, 'validate-target')).map(({ outcome }) => outcome)).toEqual(['done', 'refused']);
  });

  it('asked to confirm, stops nothing once the source is fenced', async () => {
    const { world, input, validate } = await validating();
    lag(world, 900);
    await createFenceSource(world.context())(input);
    expect(await validate({ ...input, confirm: true })).toEqual(OPEN);
  });

  it.each([
    { capacity: 400, passed: true },
    { capacity: 399, passed: false },
  ])('with room for $capacity of 400 requests/s it passes: $passed', async ({ capacity, passed }) => {
    const regions = storefront.regions.map((region) => ({ ...region, capacityRequestsPerSecond: capacity }));
    const { input, validate } = await validating(resolveConfig({ ...storefront, regions }));
    expect((await validate(input)).passed).toBe(passed);
  });

  it.each([
    { what: 'tells the revision', answer: { schema_rev: '7' }, passed: true },
    { what: 'tells another', answer: { schema_rev: '6' }, passed: false },
    { what: 'tells nothing', answer: undefined, passed: false },
  ])('where the target $what it passes: $passed', async ({ answer, passed }) => {
    const contract = { ...storefront.contract, expected: { schema_rev: '7' } };
    const { world, input, validate } = await validating(resolveConfig({ ...storefront, contract }));
    if (answer !== undefined) {
      const body = JSON.stringify({ status: 'passed', checks: {}, ...answer });
      world.ports.http.answer = () => ({ answered: true, status: 200, body });
    }
    const output = await validate(input);
    expect(output.passed).toBe(passed);
    expect(output.reasons.every((reason) => reason.startsWith('contract mismatch'))).toBe(true);
    expect(world.ports.http.asked).toEqual([{ url: 'https://tokyo.storefront.example/health/deep', timeoutMs: 2000 }]);
  });
});

describe('prove-recovery', () => {
  const proving = async (healthySeconds: number, mode: 'manual' | 'emergency' = 'manual') => {
    const world = stepWorld();
    const input = await world.open('failback', { mode });
    await world.observe(SINGAPORE, { all: { sinceEpochMs: world.ports.clock.nowMs - healthySeconds * 1000 } });
    return { world, input, prove: createProveRecovery(world.context()) };
  };

  it('passes after the hold time, and records how long', async () => {
    const { world, input, prove } = await proving(1800);
    expect(await prove(input)).toEqual(OPEN);
    expect(await world.lines(input, 'prove-recovery')).toMatchObject([
      { outcome: 'done', detail: { healthyForSeconds: 1800 } },
    ]);
  });

  it('refuses a second earlier, and says when to start again', async () => {
    const { world, input, prove } = await proving(1799);
    const output = await prove(input);
    expect(output).toMatchObject({ passed: false, reasons: [expect.stringContaining('again in 1 s')] });
    expect((await world.lines(input, 'prove-recovery'))[0]).toMatchObject({ outcome: 'refused' });
  });

  it('refuses a Region that nobody has a fresh word on', async () => {
    const { world, input, prove } = await proving(1800);
    world.ports.clock.pass(31);
    expect(await prove(input)).toMatchObject({ passed: false, reasons: [expect.stringContaining('unknown')] });
  });

  it('is skipped by an emergency, on record', async () => {
    const { world, input, prove } = await proving(0, 'emergency');
    expect((await prove(input)).passed).toBe(true);
    expect((await world.lines(input, 'prove-recovery'))[0]).toMatchObject({
      outcome: 'skipped',
      detail: { skippedGates: ['hold time'] },
    });
  });
});

describe('reconcile-data', () => {
  const OVER = { ...OPEN, done: true, waitSeconds: 0 };

  const reconciling = async (config = storefront) => {
    const world = stepWorld(config);
    return { world, input: await world.open('failback'), reconcile: createReconcileData(world.context()) };
  };

  it.each([
    { what: 'a lag of 5 s', seconds: 5, age: 0, reason: undefined },
    { what: 'a lag of 5.1 s', seconds: 5.1, age: 0, reason: /5.1 s, 5 s are allowed/ },
    { what: 'a measurement of 180 s ago', seconds: 1, age: 180, reason: undefined },
    { what: 'a measurement of 181 s ago', seconds: 1, age: 181, reason: /last measured 181 s ago/ },
  ])('judges $what', async ({ seconds, age, reason }) => {
    const { world, input, reconcile } = await reconciling();
    lag(world, seconds, SINGAPORE, age);
    const output = await reconcile(input);
    expect(output).toEqual(
      reason === undefined ? OVER : { ...OVER, passed: false, reasons: [expect.stringMatching(reason)] },
    );
    expect((await world.lines(input, 'reconcile-data'))[0]).toMatchObject({
      outcome: reason === undefined ? 'done' : 'refused',
      detail: { comparison: 'skipped' },
    });
  });

  it('refuses where nothing is measured, and asks nothing where there is nothing to replicate', async () => {
    const { input, reconcile } = await reconciling();
    expect(await reconcile(input)).toMatchObject({ passed: false });
    const without = await reconciling(NO_DATA);
    expect(await without.reconcile(without.input)).toEqual(OVER);
  });

  it('keeps the policies by which the data store settles conflicts, and applies none', async () => {
    const config = resolveConfig({ ...inputFor('data-active-active', 2), application: storefront.application });
    const { world, input, reconcile } = await reconciling(config);
    expect(await reconcile(input)).toEqual(OVER);
    expect((await world.lines(input, 'reconcile-data'))[0]?.detail).toEqual({
      comparison: 'skipped',
      why: 'no reconciliation is configured',
      leftToTheDataStore: config.conflicts,
    });
  });

  it('passes on that the metric gives no answer', async () => {
    const { world, input, reconcile } = await reconciling();
    world.ports.dataTier.failures.replicationLag = noAnswer();
    await expect(reconcile(input)).rejects.toMatchObject({ retryable: true });
    expect(await world.lines(input, 'reconcile-data')).toEqual([]);
  });
});
