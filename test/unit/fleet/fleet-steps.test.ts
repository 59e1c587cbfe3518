import { describe, expect, it } from 'vitest';
import { createCheckMember } from '../../../lambdas/check-member/check-member.ts';
import { createCloseFleet } from '../../../lambdas/close-fleet/close-fleet.ts';
import { createFlipFleet } from '../../../lambdas/flip-fleet/flip-fleet.ts';
import { createJudgeFleet } from '../../../lambdas/judge-fleet/judge-fleet.ts';
import { createReleaseFleet } from '../../../lambdas/release-fleet/release-fleet.ts';
import { createStartMember } from '../../../lambdas/start-member/start-member.ts';
import { createTakeOverSwitch } from '../../../lambdas/take-over-switch/take-over-switch.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { fleetWorld } from '../../_helpers/fleet-world.ts';

const SEARCH = 'search';
const fine = (application: string) => ({ application, ok: true, reason: '' });
const ALL_FINE = ['storefront', SEARCH, 'checkout'].map(fine);
/** An operation that has found every member fenced. */
const judged = async (world: ReturnType<typeof fleetWorld>) => {
  const input = await world.open();
  await createJudgeFleet(world.context)({ ...input, findings: ALL_FINE });
  return input;
};

describe('opening a fleet', () => {
  it('gives the members, and takes the lease under the next epoch', async () => {
    const world = fleetWorld();
    const { operation } = await world.open();
    expect(operation).toEqual({ operationId: 'failover-1', epoch: 1, source: SINGAPORE, target: TOKYO });
    expect(await world.coordination.readState()).toMatchObject({ operationId: 'failover-1', phase: 'FAILING_OVER' });
  });

  it('refuses an automatic start unless more than half of the sentinels would leave', async () => {
    const world = fleetWorld();
    const call = (observer: string) =>
      world.coordination.mergeReport({
        ...{ observer, subject: SINGAPORE, round: 0, checks: {}, metrics: {} },
        reportedAtEpochMs: world.clock.nowMs,
      });
    const automatic = { mode: 'automatic', requestedBy: 'automatic' };
    await call('storefront');
    await call(SEARCH);
    await expect(world.open('failover', automatic)).rejects.toThrow(/storefront, search of the sentinels/);
    await call('checkout');
    await expect(world.open('failover', automatic)).resolves.toBeDefined();
  });

  it('does not count a call that is older than a minute', async () => {
    const world = fleetWorld();
    for (const observer of ['storefront', 'checkout']) {
      await world.coordination.mergeReport({
        ...{ observer, subject: SINGAPORE, round: 0, checks: {}, metrics: {} },
        reportedAtEpochMs: world.clock.nowMs - 60_001,
      });
    }
    await expect(world.open('failover', { requestedBy: 'automatic' })).rejects.toThrow(/nobody of the sentinels/);
  });

  it('names every problem of its input', async () => {
    const wrong = { fleet: 'other', source: 'eu-west-1', reason: '' };
    await expect(fleetWorld().open('failover', wrong)).rejects.toThrow(/fleet.*\n?[\s\S]*source[\s\S]*|reason/);
    await expect(fleetWorld().open('failover', { target: SINGAPORE })).rejects.toThrow(/nowhere to go/);
  });

  it.each([
    { what: 'a Region that is out already', evacuated: [SINGAPORE], kind: 'failover', says: /out already/ },
    { what: 'to a Region that is out', evacuated: [TOKYO], kind: 'failover', says: /release it first/ },
    { what: 'the release of a Region that is in', evacuated: [], kind: 'failback', says: /is not set \(set: none\)/ },
  ] as const)('refuses to leave $what', async ({ evacuated, kind, says }) => {
    const world = fleetWorld();
    await world.coordination.transition({ expect: {}, set: { evacuated } });
    await expect(world.open(kind)).rejects.toThrow(says);
  });

  it('names the holder where another operation runs', async () => {
    const world = fleetWorld();
    await world.open();
    const execution = { executionName: 'second', executionArn: 'arn:second' };
    const { createOpenFleet } = await import('../../../lambdas/open-fleet/open-fleet.ts');
    const request = { fleet: 'shop', source: SINGAPORE, target: TOKYO, reason: 'x', mode: 'manual', requestedBy: 'y' };
    await expect(createOpenFleet(world.context)({ kind: 'failover', request, ...execution })).rejects.toThrow(
      /failover-1/,
    );
  });
});

describe('starting a member', () => {
  it("hands the fleet's request on, and the fleet's operation to wait for", async () => {
    const world = fleetWorld();
    const input = await world.open('failover', { acceptDataLossSeconds: 9, ticket: 'INC-1' });
    await createStartMember(world.context)({ ...input, application: SEARCH });
    expect(world.started).toEqual([
      {
        application: SEARCH,
        name: 'search-with-fleet-1',
        input: {
          ...{ application: SEARCH, source: SINGAPORE, target: TOKYO, reason: 'a test', mode: 'manual' },
          ...{ requestedBy: 'tester', approval: 'none', acceptDataLossSeconds: 9, ticket: 'INC-1' },
          fleet: { operationId: 'failover-1' },
        },
      },
    ]);
  });
});

describe('checking a member', () => {
  const look = async (world: ReturnType<typeof fleetWorld>, awaited: 'fence' | 'end', sinceSecondsAgo = 0) => {
    const { operation } = { operation: { operationId: 'failover-1', epoch: 1, source: SINGAPORE, target: TOKYO } };
    const since = new Date(world.clock.nowMs - sinceSecondsAgo * 1000).toISOString();
    return createCheckMember(world.context)({ operation, application: SEARCH, awaited, since });
  };

  it('waits for a fence until its deadline, and then says how far it came', async () => {
    const world = fleetWorld();
    expect(await look(world, 'fence', 90)).toEqual({ done: false, waitSeconds: 3, ok: false, reason: '' });
    expect(await look(world, 'fence', 91)).toMatchObject({ done: true, ok: false, reason: 'is not fenced yet' });
  });

  it('has nothing to wait for where the member serves and writes elsewhere', async () => {
    const world = fleetWorld();
    await world.setMember(SEARCH, { activeRegion: TOKYO, writerRegion: TOKYO });
    expect(await look(world, 'fence')).toMatchObject({ done: true, ok: true });
  });

  it('does not take a member for fenced that serves elsewhere and still writes in the Region', async () => {
    const world = fleetWorld();
    await world.setMember(SEARCH, { activeRegion: TOKYO, writerRegion: SINGAPORE });
    expect(await look(world, 'fence')).toMatchObject({ done: false, ok: false });
  });

  it('waits for the end of whatever operation holds the member', async () => {
    const world = fleetWorld();
    await world.setMember(SEARCH, { operationId: 'some-other' });
    expect(await look(world, 'end')).toMatchObject({ done: false, waitSeconds: 30 });
    await world.setMember(SEARCH, { operationId: null, phase: 'NEEDS_OPERATOR' });
    expect(await look(world, 'end')).toMatchObject({ done: true, ok: false, reason: 'is held for a person' });
  });
});

describe('judging a fleet', () => {
  it('leaves together where every member is fenced', async () => {
    const world = fleetWorld();
    const input = await world.open();
    expect(await createJudgeFleet(world.context)({ ...input, findings: ALL_FINE })).toEqual({ flip: true, reason: '' });
  });

  it.each([
    {
      what: 'is not fenced',
      findings: [fine('storefront'), fine('checkout'), { ...fine(SEARCH), ok: false, reason: 'slow' }],
    },
    { what: 'is not told of', findings: [fine('storefront'), fine('checkout')] },
  ])('moves nobody where one member $what, and names it', async ({ findings }) => {
    const world = fleetWorld();
    const input = await world.open();
    const { flip, reason } = await createJudgeFleet(world.context)({ ...input, findings });
    expect(flip).toBe(false);
    expect(reason).toMatch(/^not fenced: search \((slow|nothing is known)\)$/);
    expect(await world.lines(input, 'judge-fleet')).toMatchObject([{ outcome: 'refused', detail: { reason } }]);
  });

  it('stays with its refusal: members have acted on it', async () => {
    const world = fleetWorld();
    const input = await world.open();
    await createJudgeFleet(world.context)({ ...input, error: { Error: 'Boom', Cause: 'because' } });
    expect((await createJudgeFleet(world.context)({ ...input, findings: ALL_FINE })).flip).toBe(false);
  });
});

describe('fences that were found long ago', () => {
  /** 90 s for the fences, and 120 s in which members wait for the fleet. */
  const TOO_LATE_MS = 210_001;

  it('move nobody: a redriven execution brings the findings that it had', async () => {
    const world = fleetWorld();
    const input = await world.open();
    world.clock.nowMs += TOO_LATE_MS - 1;
    expect((await createJudgeFleet(world.context)({ ...input, findings: ALL_FINE })).flip).toBe(true);
    const late = fleetWorld();
    const lateInput = await late.open();
    late.clock.nowMs += 3_600_000;
    const judged = await createJudgeFleet(late.context)({ ...lateInput, findings: ALL_FINE });
    expect(judged).toMatchObject({ flip: false, reason: expect.stringMatching(/3600 s ago.*210 s; start it anew/) });
  });

  it('set no switch, though they were judged in time', async () => {
    const world = fleetWorld();
    const input = await judged(world);
    world.clock.nowMs += 3_600_000;
    await expect(createFlipFleet(world.context)(input)).rejects.toMatchObject({ name: 'OperationRefusedError' });
    expect([...world.switches]).toEqual([]);
    expect(await world.coordination.readState()).toMatchObject({ activeRegion: SINGAPORE, evacuated: [] });
  });

  it('set no switch without a judgement, or against one', async () => {
    const world = fleetWorld();
    const input = await world.open();
    await expect(createFlipFleet(world.context)(input)).rejects.toThrow(/does not say that every member is fenced/);
    await createJudgeFleet(world.context)({ ...input, findings: ALL_FINE });
    await createJudgeFleet(world.context)({ ...input, error: { Error: 'Boom', Cause: 'because' } });
    await expect(createFlipFleet(world.context)(input)).rejects.toMatchObject({ name: 'OperationRefusedError' });
    expect([...world.switches]).toEqual([]);
  });
});

describe('the switch of a fleet', () => {
  it('is set once, whatever the number of tries', async () => {
    const world = fleetWorld();
    const input = await judged(world);
    await createFlipFleet(world.context)(input);
    await createFlipFleet(world.context)(input);
    expect([...world.switches]).toEqual([`fleet ${SINGAPORE}`]);
    expect(await world.lines(input, 'flip-fleet')).toHaveLength(1);
    expect(await world.coordination.readState()).toMatchObject({ activeRegion: TOKYO, evacuated: [SINGAPORE] });
  });

  it('holds with one guardian, and fails with none', async () => {
    const world = fleetWorld();
    const input = await judged(world);
    world.fleetSwitch.failing = ['ap-northeast-1', 'ap-northeast-2'];
    await expect(createFlipFleet(world.context)(input)).rejects.toMatchObject({ name: 'SwitchFailedError' });
    world.fleetSwitch.failing = ['ap-northeast-1'];
    await createFlipFleet(world.context)(input);
    expect([...world.switches]).toEqual([`fleet ${SINGAPORE}`]);
  });
});

describe('closing a fleet', () => {
  it('succeeds where the switch was set and every member came to a good end', async () => {
    const world = fleetWorld();
    const input = await judged(world);
    await createFlipFleet(world.context)(input);
    expect(await createCloseFleet(world.context)({ ...input, findings: ALL_FINE })).toMatchObject({
      status: 'SUCCEEDED',
    });
    expect(await world.coordination.readState()).toMatchObject({ phase: 'FAILED_OVER', operationId: null });
  });

  it('calls for a person where the members were left alone, though all of them ended well', async () => {
    const world = fleetWorld();
    const input = await world.open();
    await createJudgeFleet(world.context)({ ...input, findings: [] });
    const { status, reason } = await createCloseFleet(world.context)({ ...input, findings: ALL_FINE });
    expect(status).toBe('NEEDS_OPERATOR');
    expect(reason).toMatch(/^the members were left to their own switches: not fenced: storefront/);
  });

  it('names the members that did not', async () => {
    const world = fleetWorld();
    const input = await judged(world);
    await createFlipFleet(world.context)(input);
    const findings = [...ALL_FINE.slice(1), { ...fine('storefront'), ok: false, reason: 'ended with FAILED' }];
    const closed = await createCloseFleet(world.context)({ ...input, findings });
    expect(closed).toEqual({ status: 'NEEDS_OPERATOR', reason: 'not at a good end: storefront (ended with FAILED)' });
    expect(await createCloseFleet(world.context)({ ...input, findings: ALL_FINE })).toEqual(closed);
  });
});

describe('releasing a fleet', () => {
  const left = { evacuated: [SINGAPORE], leftByFleet: [SINGAPORE], activeRegion: TOKYO, phase: 'FAILED_OVER' as const };
  const released = async () => {
    const world = fleetWorld();
    await world.coordination.transition({ expect: {}, set: { evacuated: [SINGAPORE] } });
    world.switches.add(`fleet ${SINGAPORE}`);
    await world.setMember(SEARCH, left);
    return { world, input: await world.open('failback') };
  };

  it("sets the member's own switch before the fleet's is taken away", async () => {
    const { world, input } = await released();
    await createTakeOverSwitch(world.context)({ ...input, application: SEARCH });
    expect(world.switches).toEqual(new Set([`fleet ${SINGAPORE}`, `${SEARCH} ${SINGAPORE}`]));
    expect(await world.member(SEARCH).readState()).toMatchObject({ evacuated: [SINGAPORE], leftByFleet: [] });
    await createReleaseFleet(world.context)(input);
    expect(world.switches).toEqual(new Set([`${SEARCH} ${SINGAPORE}`]));
    expect(await world.coordination.readState()).toMatchObject({ evacuated: [] });
  });

  it('leaves a member alone that the fleet does not keep out', async () => {
    const { world, input } = await released();
    await createTakeOverSwitch(world.context)({ ...input, application: 'checkout' });
    expect(world.switches).toEqual(new Set([`fleet ${SINGAPORE}`]));
  });

  it('fails where no guardian takes it, and where an operation of the member is under way', async () => {
    const { world, input } = await released();
    world.memberSwitch(SEARCH).failing = ['ap-northeast-1', 'ap-northeast-2'];
    const takeOver = () => createTakeOverSwitch(world.context)({ ...input, application: SEARCH });
    await expect(takeOver()).rejects.toMatchObject({ name: 'SwitchFailedError' });
    expect(await world.member(SEARCH).readState()).toMatchObject({ leftByFleet: [SINGAPORE] });
    await world.setMember(SEARCH, { operationId: 'x', leaseExpiresAtEpochMs: world.clock.nowMs + 1 });
    await expect(takeOver()).rejects.toMatchObject({ name: 'OperationRefusedError' });
  });

  it('is not done while one guardian holds on', async () => {
    const { world, input } = await released();
    world.fleetSwitch.failing = ['ap-northeast-2'];
    await expect(createReleaseFleet(world.context)(input)).rejects.toThrow(
      /still held by ap-northeast-2 \(TimeoutError\)/,
    );
  });
});
