import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../core/config/types.ts';
import type { RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { passiveInput, SINGAPORE, TOKYO, testConfig } from '../_helpers/config.ts';
import { manualInput, rehearse } from '../_helpers/rehearse.ts';

type Data = NonNullable<ConfigInput['data']>;
type Fault = Scenario['faults'][number];

const TARGETS = { regionFailureSeconds: 900, databaseFailureSeconds: 900, plannedSeconds: 900 };
const REPLICA: Data = { adapter: 'rds-replica', instance: 'storefront', promotionDeadlineSeconds: 600 };
const TABLE: Data = { adapter: 'dynamodb-global', table: 'storefront' };
const CUSTOM: Data = { adapter: 'custom', function: 'data-tier' };

/** Singapore goes dark, with another data tier and whatever else goes wrong; nobody goes back. */
function outage(data: Data, faults: readonly Fault[] = [], failover: ConfigInput['failover'] = {}) {
  return rehearse({
    scenario: 'region-outage',
    config: testConfig(passiveInput({ data, targets: TARGETS, failover })),
    change: (scenario) => ({
      ...scenario,
      faults: [...scenario.faults.filter(({ kind }) => kind === 'region-dark').slice(0, 1), ...faults],
      actions: [],
      expectations: [],
      untilSeconds: 1800,
    }),
  });
}

const lineOf = ({ operations }: RehearsalResult, step: string, outcome: string) =>
  operations[0]?.events.find((event) => event.step === step && event.outcome === outcome);
/** What nothing that was tried may break. */
const holds = (result: RehearsalResult) =>
  expect(result.expectations.filter(({ held }) => !held).map(({ text }) => text)).toEqual([]);

describe('a read replica of Amazon RDS', () => {
  it('is promoted and written to, within its loss budget', async () => {
    const result = await outage(REPLICA);
    holds(result);
    expect(result.failover).toMatchObject({ status: 'SUCCEEDED', target: TOKYO });
    expect(result.world.writerRegion).toBe(TOKYO);
    expect(result.failover.rpoSeconds).toBeLessThanOrEqual(5);
    expect(result.failover.phases.promote).toBeGreaterThan(180);
    expect(lineOf(result, 'start-promotion', 'requested')?.detail).toMatchObject({
      mode: 'failover',
      acceptedLoss: { seconds: 5, by: 'data.lossBudgetSeconds' },
    });
  });

  it('is asked once where the answer to the promotion is lost', async () => {
    const result = await outage(REPLICA, [
      { kind: 'api-answer-lost', atSeconds: 0, service: 'rds', operation: 'PromoteReadReplica' },
    ]);
    holds(result);
    expect(result.failover.status).toBe('SUCCEEDED');
    expect(result.world.apiCalls['rds:PromoteReadReplica']).toBe(1);
  });

  it('that is refused changes nothing', async () => {
    const refusal = { error: 'InvalidDBInstanceStateFault', message: 'The DB instance is not in a valid state.' };
    const result = await outage(REPLICA, [
      { kind: 'api-refused', atSeconds: 0, service: 'rds', operation: 'PromoteReadReplica', ...refusal },
    ]);
    holds(result);
    expect(result.operations[0]?.status).toBe('FAILED');
    expect(result.world.writerRegion).toBe(SINGAPORE);
  });
});

describe('the way back', () => {
  const andBack = (data: Data) =>
    rehearse({
      scenario: 'region-outage',
      config: testConfig(passiveInput({ data, targets: TARGETS, failback: { bakeMinutes: 8 } })),
      change: (scenario) => ({ ...scenario, expectations: [] }),
    });

  it("is refused while the former primary is nobody's replica, with what to do", async () => {
    const result = await andBack(REPLICA);
    holds(result);
    expect(result.failover.status).toBe('SUCCEEDED');
    expect(result.failback.status).toBe('ABORTED');
    const refused = result.operations[1]?.events.find(({ outcome }) => outcome === 'refused');
    expect(refused?.detail['reasons']).toContainEqual(expect.stringContaining('is no read replica; after a promotion'));
    expect(result.world.writerRegion).toBe(TOKYO);
  });

  it.each([
    { what: 'a global table', data: TABLE },
    { what: "a function of the user's", data: CUSTOM },
  ])('of $what moves the right to write back with it', async ({ data }) => {
    const result = await andBack(data);
    holds(result);
    expect(result.failback.status).toBe('SUCCEEDED');
    expect(result.world.writerRegion).toBe(SINGAPORE);
  });
});

describe('a planned move with a read replica', () => {
  const planned = (faults: readonly Fault[]) =>
    rehearse({
      scenario: 'region-outage',
      config: testConfig(passiveInput({ data: REPLICA, targets: TARGETS })),
      change: (scenario) => ({
        ...scenario,
        faults: [...faults],
        actions: [
          { action: 'start', atSeconds: 300, machine: 'failover', input: manualInput({ mode: 'planned' }) },
        ] as Scenario['actions'],
        expectations: [],
        untilSeconds: 2400,
      }),
    });

  it('waits after the fence for a minute without lag, and loses nothing', async () => {
    const result = await planned([]);
    holds(result);
    expect(result.operations[0]).toMatchObject({ status: 'SUCCEEDED' });
    expect(result.failover.rpoSeconds).toBe(0);
    expect(lineOf(result, 'start-promotion', 'requested')?.detail).toMatchObject({
      mode: 'switchover',
      acceptedLoss: null,
    });
    const fencedAt = lineOf(result, 'fence-source', 'done')?.atSeconds ?? 0;
    expect((lineOf(result, 'start-promotion', 'requested')?.atSeconds ?? 0) - fencedAt).toBeGreaterThan(60);
  });

  it('is not begun where the replica does not catch up', async () => {
    const result = await planned([{ kind: 'replication-lag', atSeconds: 0, seconds: 3 }]);
    holds(result);
    expect(result.operations[0]).toMatchObject({ status: 'ABORTED' });
    expect(result.world.writerRegion).toBe(SINGAPORE);
    expect(result.world.apiCalls['rds:PromoteReadReplica']).toBeUndefined();
  });
});

describe('a global table of DynamoDB', () => {
  it('is written to in the other Region as soon as the fence stands, with nothing promoted', async () => {
    const result = await outage(TABLE);
    holds(result);
    expect(result.failover).toMatchObject({ status: 'SUCCEEDED', target: TOKYO });
    expect(lineOf(result, 'start-promotion', 'skipped')?.detail).toMatchObject({
      reason: 'every replica takes writes; the right to commit is all that moves',
    });
    expect(lineOf(result, 'validate-target', 'done')?.detail).toMatchObject({ lagSeconds: expect.any(Number) });
  });

  it('is not left while its lag exceeds the loss budget', async () => {
    const result = await outage(TABLE, [{ kind: 'replication-lag', atSeconds: 0, seconds: 30 }]);
    holds(result);
    expect(result.operations[0]?.status).toBe('ABORTED');
    expect(lineOf(result, 'validate-target', 'refused')?.detail['reasons']).toContainEqual(
      expect.stringMatching(/^replication lag 30\.0 s \(measured \d+ s ago\) exceeds the loss budget of 5 s$/),
    );
  });
});

describe("a data tier behind a function of the user's", () => {
  it('is promoted by it, and asked until it says that the target writes', async () => {
    const result = await outage(CUSTOM);
    holds(result);
    expect(result.failover).toMatchObject({ status: 'SUCCEEDED', target: TOKYO });
    expect(result.world.writerRegion).toBe(TOKYO);
  });

  it('that cannot be called is not promoted, and nothing is known to be safe', async () => {
    const result = await outage(CUSTOM, [
      {
        kind: 'api-refused',
        atSeconds: 0,
        ...{ service: 'lambda', operation: 'Invoke', error: 'ResourceNotFoundException', message: 'not found' },
      },
    ]);
    holds(result);
    expect(result.operations[0]?.status).toBe('ABORTED');
    expect(result.world.writerRegion).toBe(SINGAPORE);
  });
});

describe('a fence hook', () => {
  const hook = { name: 'stop-batches', function: 'stop-batches' };
  const refused: Fault = {
    kind: 'api-refused',
    atSeconds: 0,
    ...{ service: 'lambda', operation: 'Invoke', error: 'TooManyRequestsException', message: 'Rate Exceeded.' },
  };
  const AURORA: Data = { adapter: 'aurora-global', globalCluster: 'storefront' };

  it('is called before anything is promoted', async () => {
    const result = await outage(AURORA, [], { fenceHooks: [hook] });
    holds(result);
    expect(result.failover.status).toBe('SUCCEEDED');
    const steps = result.operations[0]?.events.map(({ step, outcome }) => `${step} ${outcome}`) ?? [];
    expect(steps.indexOf('fence-source requested')).toBeGreaterThan(-1);
    expect(steps.indexOf('fence-source requested')).toBeLessThan(steps.indexOf('fence-source done'));
    expect(steps.indexOf('fence-source done')).toBeLessThan(steps.indexOf('start-promotion requested'));
  });

  it('that is required and fails rolls the operation back, with the writer where it was', async () => {
    const result = await outage(AURORA, [refused], { fenceHooks: [hook] });
    holds(result);
    expect(result.operations[0]?.status).toBe('FAILED');
    expect(result.world.writerRegion).toBe(SINGAPORE);
    expect(lineOf(result, 'start-promotion', 'requested')).toBeUndefined();
  });

  it('that is optional and fails is passed over', async () => {
    const result = await outage(AURORA, [refused], { fenceHooks: [{ ...hook, required: false }] });
    holds(result);
    expect(result.failover.status).toBe('SUCCEEDED');
    expect(lineOf(result, 'fence-source', 'failed')?.detail).toMatchObject({ hook: 'stop-batches', required: false });
  });
});
