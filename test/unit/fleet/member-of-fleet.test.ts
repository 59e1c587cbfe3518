import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { createFleet } from '../../../core/fleet/call-fleet.ts';
import { resolveFleet } from '../../../core/fleet/fleet-config.ts';
import { type FleetVerdict, fleetVerdict, initialFleetState } from '../../../core/fleet/fleet-state.ts';
import { memberStanding } from '../../../core/fleet/member-standing.ts';
import { isTurn, ROUTE53_REQUESTS_PER_SECOND, turnMinutes } from '../../../core/fleet/reconcile-turn.ts';
import type { OperationEvent, OperationRecord } from '../../../core/operation/operation-record.ts';
import { createCloseFleet } from '../../../lambdas/close-fleet/close-fleet.ts';
import { createFlipFleet } from '../../../lambdas/flip-fleet/flip-fleet.ts';
import { createJudgeFleet } from '../../../lambdas/judge-fleet/judge-fleet.ts';
import { createOpenSwitch } from '../../../lambdas/open-switch/open-switch.ts';
import { createReconcileRecords } from '../../../lambdas/reconcile-records/reconcile-records.ts';
import { createReleaseFleet } from '../../../lambdas/release-fleet/release-fleet.ts';
import { createShiftTraffic } from '../../../lambdas/shift-traffic/shift-traffic.ts';
import { createWriteRecords } from '../../../lambdas/write-records/write-records.ts';
import exampleConfig from '../../../switchyard.config.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { FLEET_INPUT, fleetWorld, rememberingMachines } from '../../_helpers/fleet-world.ts';
import { stepWorld } from '../../_helpers/steps/step-world.ts';

const WITH_FLEET = { fleet: { operationId: 'fleet-op' } };
const event = (step: string, outcome: OperationEvent['outcome']): OperationEvent => ({
  ...{ atEpochMs: 0, step, outcome, detail: {} },
});

describe('a member that is fenced', () => {
  const shifting = async (verdict: () => FleetVerdict | Error) => {
    const world = stepWorld();
    world.ports.fleet = {
      call: async () => 'stays',
      keepsOut: async () => false,
      verdict: async () => {
        const said = verdict();
        if (said instanceof Error) throw said;
        return said;
      },
    };
    const input = await world.openFenced('failover', WITH_FLEET);
    return { world, input, shift: () => createShiftTraffic(world.context())(input) };
  };

  it('waits for the fleet, and writes no switch of its own once the fleet has moved', async () => {
    let said: FleetVerdict = 'waiting';
    const { world, input, shift } = await shifting(() => said);
    expect(await shift()).toEqual({ done: false, waitSeconds: 2 });
    expect(await world.state()).toMatchObject({ activeRegion: SINGAPORE, evacuated: [] });
    said = 'flipped';
    expect(await shift()).toEqual({ done: true, waitSeconds: 0 });
    expect(await world.state()).toMatchObject({
      activeRegion: TOKYO,
      evacuated: [SINGAPORE],
      leftByFleet: [SINGAPORE],
    });
    expect(world.ports.evacuation.objects.size).toBe(0);
    expect(await world.lines(input, 'shift-traffic')).toMatchObject([
      { outcome: 'waiting' },
      { detail: { by: 'fleet' } },
    ]);
  });

  it('leaves by its own switch where the fleet moves nobody', async () => {
    const { world, shift } = await shifting(() => 'alone');
    await shift();
    expect(world.ports.evacuation.objects.size).toBeGreaterThan(0);
    expect((await world.state()).leftByFleet ?? []).toEqual([]);
  });

  it.each([
    { what: 'says nothing', verdict: () => 'waiting' as const },
    { what: 'does not answer', verdict: () => new Error('TimeoutError') },
  ])('waits 120 s for a fleet that $what, and then leaves by itself', async ({ verdict }) => {
    const { world, shift } = await shifting(verdict);
    await shift();
    world.ports.clock.pass(120);
    expect((await shift()).done).toBe(false);
    world.ports.clock.pass(1);
    expect((await shift()).done).toBe(true);
    expect(world.ports.evacuation.objects.size).toBeGreaterThan(0);
  });

  it('leaves its records to its reconciler', async () => {
    const world = stepWorld();
    const input = await world.openFenced('failover', WITH_FLEET);
    expect(await createWriteRecords(world.context())(input)).toEqual({ changeId: null });
    expect(await world.lines(input, 'write-records')).toMatchObject([{ outcome: 'skipped' }]);
  });
});

describe("a Region that the fleet's switch keeps out", () => {
  const OUT = { evacuated: [SINGAPORE], leftByFleet: [SINGAPORE], activeRegion: TOKYO, phase: 'FAILED_OVER' as const };

  it("gets no switch of the application's own from the reconciler", async () => {
    const world = stepWorld();
    await world.setState(OUT);
    await createReconcileRecords(world.context(TOKYO))();
    expect(world.ports.evacuation.objects.size).toBe(0);
    await world.setState({ leftByFleet: [] });
    await createReconcileRecords(world.context(TOKYO))();
    expect(world.ports.evacuation.objects.size).toBeGreaterThan(0);
  });

  it('is let in by no failback, and taken for no target, before the release', async () => {
    const back = stepWorld();
    const failback = await back.open('failback');
    await back.setState({ leftByFleet: [SINGAPORE] });
    await expect(createOpenSwitch(back.context(SINGAPORE))(failback)).rejects.toThrow(/fleet-release/);
    const there = stepWorld();
    const failover = await there.openFenced();
    await there.setState({ evacuated: [TOKYO], leftByFleet: [TOKYO] });
    await expect(createShiftTraffic(there.context())(failover)).rejects.toThrow(/fleet-release/);
  });
});

describe("a Region that the fleet's switch keeps out of a member that left it by its own", () => {
  const keeping = (world: ReturnType<typeof stepWorld>, keepsOut: () => Promise<boolean>) => {
    world.ports.fleet = { call: async () => 'stays', verdict: async () => 'alone', keepsOut };
    return world;
  };
  const unreachable = async (): Promise<boolean> => {
    throw new Error('TimeoutError');
  };

  it('is let in by no failback, also while the fleet cannot be asked', async () => {
    const back = stepWorld();
    const failback = await back.open('failback');
    await back.setState({ evacuated: [SINGAPORE] });
    const open = () => createOpenSwitch(back.context(SINGAPORE))(failback);
    keeping(back, async () => true);
    await expect(open()).rejects.toThrow(/fleet-release/);
    keeping(back, unreachable);
    await expect(open()).rejects.toThrow(/TimeoutError/);
    expect(await back.state()).toMatchObject({ evacuated: [SINGAPORE] });
    keeping(back, async () => false);
    expect(await open()).toMatchObject({ done: true });
  });

  it('is no target, unless the fleet cannot be asked: a failover does not wait for it', async () => {
    const there = keeping(stepWorld(), async () => true);
    const failover = await there.openFenced();
    const shift = () => createShiftTraffic(there.context())(failover);
    await expect(shift()).rejects.toThrow(/fleet-release/);
    keeping(there, unreachable);
    expect(await shift()).toMatchObject({ done: true });
  });

  it('counts for no member whose execution is redriven after the release', async () => {
    const world = fleetWorld();
    const fleet = createFleet({
      ...{ application: 'search', fleet: { name: 'shop', sentinels: [] }, clock: world.clock },
      ...{ coordination: world.coordination, machines: rememberingMachines() },
    });
    const input = await world.open();
    await createJudgeFleet(world.context)({
      ...input,
      findings: world.fleet.members.map((application) => ({ application, ok: true, reason: '' })),
    });
    await createFlipFleet(world.context)(input);
    expect(await fleet.verdict('failover-1')).toBe('flipped');
    await createCloseFleet(world.context)({ ...input, findings: [] });
    await createReleaseFleet(world.context)(await world.open('failback'));
    expect(await fleet.verdict('failover-1')).toBe('alone');
  });

  it('is known by the state of the fleet, until the release', async () => {
    const world = fleetWorld();
    const fleet = createFleet({
      ...{ application: 'search', fleet: { name: 'shop', sentinels: [] }, clock: world.clock },
      ...{ coordination: world.coordination, machines: rememberingMachines() },
    });
    expect(await fleet.keepsOut(SINGAPORE)).toBe(false);
    await world.coordination.transition({ expect: {}, set: { evacuated: [SINGAPORE] } });
    expect(await fleet.keepsOut(SINGAPORE)).toBe(true);
    expect(await fleet.keepsOut(TOKYO)).toBe(false);
  });
});

describe('the turns of reconcilers', () => {
  const member = (application: string, members: number) => ({
    application,
    evacuation: {
      ...exampleConfig.evacuation,
      scopes: ['application' as const, 'fleet' as const],
      fleet: { name: 'shop', members, sentinels: [] },
    },
  });

  it('keep a thousand members within half of what the Route 53 API takes, and leave nobody out', () => {
    const members = Array.from({ length: 1_000 }, (_, index) => member(`member-${index}`, 1_000));
    const minutes = turnMinutes(1_000);
    const turns = Array.from({ length: minutes }, (_, minute) =>
      members.filter((each) => isTurn(each, minute * 60_000)),
    );
    expect(turns.flat()).toHaveLength(1_000);
    for (const turn of turns) expect((turn.length * 3) / 60).toBeLessThanOrEqual(ROUTE53_REQUESTS_PER_SECOND / 2);
  });

  it.each([50, 51])('are every minute for up to 50 members: %i', (members) => {
    expect(turnMinutes(members)).toBe(members <= 50 ? 1 : 2);
    if (members <= 50) expect(isTurn(member('a', members), 123 * 60_000)).toBe(true);
  });

  it('are not for an application by itself', () => {
    for (let minute = 0; minute < 30; minute++) expect(isTurn(exampleConfig, minute * 60_000)).toBe(true);
  });

  it('keep a reconciler from Route 53, and not from its switches', async () => {
    const world = stepWorld({ ...exampleConfig, ...member('storefront', 100_000) });
    await world.setState({ activeRegion: TOKYO, evacuated: [SINGAPORE], phase: 'FAILED_OVER', recordsPending: true });
    const minutes = turnMinutes(100_000);
    expect(isTurn(world.config, world.ports.clock.nowMs)).toBe(false);
    expect(await createReconcileRecords(world.context(TOKYO))()).toMatchObject({ records: 'not-mine' });
    expect(world.ports.evacuation.objects.size).toBeGreaterThan(0);
    for (let minute = 0; minute < minutes && !isTurn(world.config, world.ports.clock.nowMs); minute++)
      world.ports.clock.pass(60);
    expect(await createReconcileRecords(world.context(TOKYO))()).toMatchObject({ records: 'written' });
  });
});

describe('what a fleet tells its members', () => {
  const record = (events: readonly OperationEvent[], status: OperationRecord['status'] = 'RUNNING') => ({
    events,
    status,
  });

  it.each([
    { what: 'while it judges', found: record([event('open-fleet', 'done')]), verdict: 'waiting' },
    { what: 'once everybody is fenced', found: record([event('judge-fleet', 'done')]), verdict: 'waiting' },
    { what: 'once the switch is set', found: record([event('flip-fleet', 'done')]), verdict: 'flipped' },
    { what: 'after its end', found: record([event('flip-fleet', 'done')], 'SUCCEEDED'), verdict: 'flipped' },
    { what: 'where somebody is not fenced', found: record([event('judge-fleet', 'refused')]), verdict: 'alone' },
    { what: 'where it ended without the switch', found: record([], 'NEEDS_OPERATOR'), verdict: 'alone' },
    { what: 'where nobody knows it', found: undefined, verdict: 'alone' },
  ])('$what: $verdict', ({ found, verdict }) => {
    expect(fleetVerdict(found)).toBe(verdict);
  });
});

describe('a member that would leave', () => {
  const LEAVE = { source: SINGAPORE, target: TOKYO, reason: 'D200' };
  const fleetOf = (application: string, world = fleetWorld()) => {
    const machines = rememberingMachines();
    const fleet = { name: 'shop', sentinels: ['storefront', 'checkout'] };
    return {
      world,
      machines,
      ...createFleet({ application, fleet, clock: world.clock, coordination: world.coordination, machines }),
    };
  };

  it('starts the fleet as the second of two sentinels, and stays by itself as the first', async () => {
    const first = fleetOf('storefront');
    expect(await first.call(LEAVE)).toBe('stays');
    const second = fleetOf('checkout', first.world);
    expect(await second.call(LEAVE)).toBe('moves');
    expect(first.machines.names).toEqual([]);
    expect(second.machines.names).toEqual([`fleet-shop-0-${SINGAPORE}-${TOKYO}-1`]);
  });

  it('says nothing where it is no sentinel, and goes along once the fleet leaves that Region', async () => {
    const { world, call, machines } = fleetOf('search');
    expect(await call(LEAVE)).toBe('stays');
    expect((await world.coordination.readSituation()).reports).toEqual([]);
    await world.open();
    expect(await call(LEAVE)).toBe('moves');
    expect(await call({ ...LEAVE, source: TOKYO, target: SINGAPORE })).toBe('stays');
    expect(machines.names).toEqual([]);
  });

  it('does not wait for a fleet whose operation has lost its lease', async () => {
    const { world, call } = fleetOf('search');
    await world.open();
    world.clock.pass(3_600);
    expect(await call(LEAVE)).toBe('stays');
  });
});

describe('the standing of a member', () => {
  const state = (set: object) => ({
    ...initialFleetState({ fleet: 'x', regions: [SINGAPORE] }),
    writerRegion: null,
    ...set,
  });
  const record = (operationId: string, events: readonly OperationEvent[], set: Partial<OperationRecord> = {}) =>
    ({
      operationId,
      kind: 'failover',
      status: 'RUNNING',
      request: { source: SINGAPORE },
      events,
      ...set,
    }) as OperationRecord;
  const FENCED = [event('fence-source', 'done')];
  const BEHIND = [...FENCED, event('start-promotion', 'requested')];

  it.each([
    { what: 'fenced with its promotion asked for', own: record('own', BEHIND), holds: 'own', standing: 'fenced' },
    {
      what: 'fenced, while its operation could still put everything back',
      own: record('own', FENCED),
      holds: 'own',
      standing: 'waiting',
    },
    {
      what: 'fenced by another failover of the same Region',
      holding: record('other', BEHIND),
      holds: 'other',
      standing: 'fenced',
    },
    {
      what: 'held by a failover of another Region',
      holding: record('other', BEHIND, { request: { source: TOKYO } as OperationRecord['request'] }),
      holds: 'other',
      standing: 'waiting',
    },
    {
      what: 'rolled back',
      own: record('own', [...FENCED, event('roll-back', 'done')], { status: 'FAILED' }),
      holds: null,
      standing: 'failed',
    },
  ])('$what: $standing', ({ own, holding, holds, standing }) => {
    const sight = { state: state({ operationId: holds }), own, holding, source: SINGAPORE };
    expect(memberStanding(sight).standing).toBe(standing);
  });
});

describe('the config of a fleet', () => {
  it('fills in two guardians for each Region, none of them the Region itself', () => {
    const { evacuation } = resolveFleet(FLEET_INPUT);
    expect(evacuation.guardians).toEqual({
      [SINGAPORE]: [TOKYO, 'ap-northeast-2'],
      [TOKYO]: [SINGAPORE, 'ap-northeast-2'],
    });
  });

  it.each([
    {
      what: 'a guardian that is the ward',
      change: { guardians: { [SINGAPORE]: [SINGAPORE, TOKYO], [TOKYO]: [SINGAPORE, 'ap-northeast-2'] } },
      says: /cannot hold its own switch/,
    },
    { what: 'a sentinel that is no member', change: { sentinels: ['nobody'] }, says: /sentinels\[0\].*no member/s },
    {
      what: 'a member twice',
      change: { members: ['storefront', 'storefront', 'checkout'] },
      says: /members\[1\].*twice/s,
    },
    {
      what: 'a table of two sets',
      change: { coordination: { replicas: [TOKYO, 'eu-west-1'], witness: 'us-east-1' } },
      says: /strongly consistent/,
    },
    { what: 'an unknown field', change: { colour: 'red' }, says: /colour/ },
  ])('refuses $what', ({ change, says }) => {
    expect(() => resolveFleet({ ...FLEET_INPUT, ...change })).toThrow(says);
  });

  it('names problems across fields beside those of other fields', () => {
    const wrong = {
      ...{ ...FLEET_INPUT, fleet: 'Shop!', colour: 'red', sentinels: ['nobody'], regions: [SINGAPORE, TOKYO, TOKYO] },
      coordination: { replicas: [TOKYO, 'eu-west-1'], witness: 'us-east-1' },
    };
    const said = ['fleet:', 'colour:', 'sentinels[0]:', 'regions[2]:', 'coordination'];
    const refused = (() => {
      try {
        return String(resolveFleet(wrong));
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(said.filter((path) => !refused.includes(`- ${path}`))).toEqual([]);
  });

  it.each(['cloudwatch', 'arc'] as const)('takes no member whose own switch is of the kind %s', (kind) => {
    const { guardians: _, ...evacuation } = exampleConfig.evacuation;
    const fleet = { name: 'shop', members: 3, sentinels: ['storefront'] };
    const member = { ...evacuation, kind, scopes: ['application', 'fleet'], fleet };
    expect(() => resolveConfig({ ...exampleConfig, evacuation: member })).toThrow(/evacuation\.kind: .*allowed: s3/);
    expect(() => resolveConfig({ ...exampleConfig, evacuation: { ...member, kind: 's3' } })).not.toThrow();
  });
});

describe('a target whose switch is a metric', () => {
  const BY_METRIC = { ...exampleConfig, evacuation: { ...exampleConfig.evacuation, kind: 'cloudwatch' as const } };

  it('is let in twice, a settling time apart, before the source is left', async () => {
    const world = stepWorld(BY_METRIC);
    const input = await world.openFenced();
    await world.setState({ evacuated: [TOKYO] });
    const shift = createShiftTraffic(world.context());
    expect(await shift(input)).toEqual({ done: false, waitSeconds: 120 });
    expect(await shift(input)).toEqual({ done: false, waitSeconds: 120 });
    expect(await world.state()).toMatchObject({ activeRegion: SINGAPORE });
    expect(await shift(input)).toEqual({ done: true, waitSeconds: 0 });
    expect(await world.lines(input, 'shift-traffic')).toMatchObject([
      { detail: { admitted: TOKYO } },
      { detail: { admittedAgain: TOKYO } },
      { outcome: 'done' },
    ]);
  });
});
