import { describe, expect, it, vi } from 'vitest';
import { readDecisionRecord } from '../../../core/decision/read-record.ts';
import { replay } from '../../../core/decision/replay.ts';
import { roundAt } from '../../../core/health/rounds.ts';
import { decideAndStart } from '../../../lambdas/observe-regions/decide-and-start.ts';
import { createObserveRegions } from '../../../lambdas/observe-regions/observe-regions.ts';
import { startRound } from '../../../lambdas/observe-regions/run-round.ts';
import { testConfig } from '../../_helpers/config.ts';
import { decisionSample, SEOUL, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { FAILED, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const ROUNDS = 19;
const COMPONENTS = ['database-writer', 'cache-cluster', 'order-service', 'payment-service', 'inventory-service'];
const DOCUMENT = JSON.stringify({
  status: 'passed',
  checks: Object.fromEntries(COMPONENTS.map((name) => [name, { status: 'passed' }])),
});

/** Both front doors answer well, apart from those of the hosts that are dead. */
function answering(world: StepWorld, ...dead: readonly string[]): StepWorld {
  world.ports.http.answer = (url) =>
    dead.some((host) => url.includes(host))
      ? { answered: false, reason: 'timed out' }
      : { answered: true, status: 200, body: DOCUMENT };
  return world;
}

const reportOf = async ({ ports }: StepWorld, observer: string, subject: string) =>
  (await ports.coordination.readSituation()).reports.find(
    (report) => report.observer === observer && report.subject === subject,
  );

describe('observe-regions', () => {
  it('claims every round that one invocation covers, and reports on every Region', async () => {
    const world = answering(stepWorld());
    const observe = createObserveRegions(world.context(SEOUL));
    expect(await observe()).toEqual({ claimed: ROUNDS, isolated: 0 });
    for (const subject of [SINGAPORE, TOKYO]) {
      expect(await reportOf(world, SEOUL, subject)).toMatchObject({
        checks: { 'region-connectivity': { status: 'passed', consecutivePasses: ROUNDS } },
      });
    }
  });

  it('leaves rounds alone that another invocation has claimed', async () => {
    const world = answering(stepWorld());
    await world.ports.coordination.claimRound(SEOUL, roundAt(world.ports.clock.nowMs) + 9);
    expect(await createObserveRegions(world.context(SEOUL))()).toEqual({ claimed: ROUNDS - 10, isolated: 0 });
  });

  it('reports nothing while the table does not answer: seeing everything fail would prove nothing', async () => {
    const world = answering(stepWorld(), 'singapore', 'tokyo');
    world.ports.coordination.dark = true;
    expect(await createObserveRegions(world.context(SEOUL))()).toEqual({ claimed: 0, isolated: ROUNDS });
    expect(world.ports.telemetry.counts.get('observer.coordination.unreachable')).toBe(ROUNDS);
    expect(world.ports.http.asked).toEqual([]);
    world.ports.coordination.dark = false;
    expect(await reportOf(world, SEOUL, SINGAPORE)).toBeUndefined();
  });

  it('raises a dead front door to failed, and takes an unmeasured metric for unknown', async () => {
    const world = answering(stepWorld(), 'singapore');
    await createObserveRegions(world.context(SEOUL))();
    expect(await reportOf(world, SEOUL, SINGAPORE)).toMatchObject({
      checks: { 'region-connectivity': { status: 'failed' }, 'error-rate': { status: 'unknown' } },
      metrics: {},
    });
  });

  it('gives up on metrics that do not answer within the timeout of their checks', async () => {
    vi.useFakeTimers();
    try {
      const world = answering(stepWorld());
      world.ports.traffic.read = () => new Promise(() => undefined);
      const round = 6 * Math.ceil(roundAt(world.ports.clock.nowMs) / 6);
      const { all } = startRound(world.context(SEOUL), { round, before: [] });
      await vi.advanceTimersByTimeAsync(30_000);
      await all;
      expect((await reportOf(world, SEOUL, SINGAPORE))?.checks['error-rate']).toMatchObject({ status: 'unknown' });
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    { periodSeconds: 5 as const, periods: 24 },
    { periodSeconds: 60 as const, periods: 2 },
  ])('reads the last two minutes of traffic, in $periods periods of $periodSeconds s', async ({ periodSeconds }) => {
    const world = answering(stepWorld(testConfig({ traffic: { periodSeconds } })));
    const spans: number[] = [];
    world.ports.traffic.read = async (_, { fromEpochMs, toEpochMs }) => {
      spans.push((toEpochMs - fromEpochMs) / 1000);
      return {};
    };
    const round = 6 * Math.ceil(roundAt(world.ports.clock.nowMs) / 6);
    await startRound(world.context(SEOUL), { round, before: [] }).all;
    expect(new Set(spans)).toEqual(new Set([120]));
  });

  it('waits for a slow probe of a round that could not be decided on', async () => {
    const world = answering(stepWorld());
    const { get } = world.ports.http;
    world.ports.http.get = (url, options) =>
      options.timeoutMs === 10_000
        ? new Promise((resolve) => setImmediate(() => resolve(get(url, options))))
        : get(url, options);
    world.ports.coordination.replaceDecision = () => Promise.reject(noAnswer());
    expect(await createObserveRegions(world.context(TOKYO))()).toEqual({ claimed: ROUNDS, isolated: ROUNDS });
    expect((await reportOf(world, TOKYO, SINGAPORE))?.checks['order-service']?.status).toBe('passed');
  });
});

describe('an alarm that goes off', () => {
  const ALARM = { 'detail-type': 'CloudWatch Alarm State Change', source: 'aws.cloudwatch' };
  const failing = async () => {
    const world = answering(stepWorld(), 'singapore');
    await world.observe(SINGAPORE, { all: FAILED });
    await world.observe(TOKYO);
    return world;
  };

  it('has the round that has begun run at once, and no other', async () => {
    const world = await failing();
    expect(await createObserveRegions(world.context(TOKYO))(ALARM)).toEqual({ claimed: 1, isolated: 0 });
    expect(world.ports.machines.started).toHaveLength(1);
  });

  it('has a decision by what is known where that round was claimed already, and one execution of both', async () => {
    const world = await failing();
    const observe = createObserveRegions(world.context(TOKYO));
    await observe(ALARM);
    const asked = world.ports.http.asked.length;
    expect(await observe(ALARM)).toEqual({ claimed: 0, isolated: 0 });
    expect(world.ports.http.asked).toHaveLength(asked);
    expect(world.ports.machines.started).toHaveLength(1);
  });

  it('decides nothing where the table does not answer', async () => {
    const world = await failing();
    world.ports.coordination.dark = true;
    expect(await createObserveRegions(world.context(TOKYO))(ALARM)).toEqual({ claimed: 0, isolated: 1 });
    expect(world.ports.telemetry.counts.get('observer.coordination.unreachable')).toBe(1);
  });

  it.each([undefined, {}, { 'detail-type': 'Scheduled Event' }])(
    'is told from the schedule, which gives %j',
    async (event) => {
      const world = answering(stepWorld());
      expect(await createObserveRegions(world.context(SEOUL))(event)).toEqual({ claimed: ROUNDS, isolated: 0 });
    },
  );
});

describe('an observer in an application Region', () => {
  it('publishes once a minute what it sees, the last rounds of 190 s included', async () => {
    const world = answering(stepWorld());
    await createObserveRegions(world.context(TOKYO))();
    const minutes = world.ports.telemetry.measured.filter(({ region }) => region === TOKYO);
    expect(minutes).toHaveLength(3);
    const vantage = answering(stepWorld());
    await createObserveRegions(vantage.context(SEOUL))();
    expect(vantage.ports.telemetry.measured).toEqual([]);
  });
});

describe('a round that fails', () => {
  it.each([
    { error: noAnswer(), counter: 'observer.coordination.unreachable', isolated: ROUNDS },
    { error: new TypeError('a defect'), counter: 'observer.round.failed', isolated: 0 },
  ])('by $error.name is counted as $counter, with the error', async ({ error, counter, isolated }) => {
    const world = answering(stepWorld());
    world.ports.coordination.readSituation = () => Promise.reject(error);
    expect(await createObserveRegions(world.context(SEOUL))()).toEqual({ claimed: ROUNDS, isolated });
    expect([...world.ports.telemetry.counts]).toEqual([[counter, ROUNDS]]);
    expect(new Set(world.ports.telemetry.errors)).toEqual(new Set([error]));
  });
});

describe('a decision', () => {
  const failing = async (config?: Parameters<typeof stepWorld>[0]) => {
    const world = stepWorld(config);
    await world.observe(SINGAPORE, { all: FAILED });
    await world.observe(TOKYO);
    return world;
  };

  it('is kept with all that it rests on, from which it can be drawn again', async () => {
    const world = await failing();
    await decideAndStart(world.context(TOKYO));
    await decideAndStart(world.context(TOKYO));
    const [record, ...others] = [...world.ports.coordination.kept.values()];
    expect(others).toEqual([]);
    expect(record?.decision).toMatchObject({ outcome: 'AUTOMATIC_FAILOVER', ruleId: 'D200', subject: SINGAPORE });
    const read = readDecisionRecord(JSON.parse(JSON.stringify(record)), 'the record');
    expect(replay(read)).toMatchObject({ same: true });
    expect(world.ports.telemetry.lines).toEqual([
      expect.objectContaining({ what: 'decision', ruleId: 'D200', closedGate: null }),
    ]);
  });

  it('to watch something is counted and logged, and nobody is told', async () => {
    const world = stepWorld();
    await world.observe(SINGAPORE, { checks: { 'inventory-service': FAILED } });
    await world.observe(TOKYO);
    await decideAndStart(world.context(TOKYO));
    expect(world.ports.telemetry.counts.get('decision.monitored')).toBe(1);
    expect(world.ports.telemetry.lines).toMatchObject([{ what: 'decision', outcome: 'MONITOR', ruleId: 'D400' }]);
    expect(world.ports.notifier.sent).toEqual([]);
    expect(world.ports.coordination.kept.size).toBe(0);
  });

  it('that is being kept for long does not hold back its machine', async () => {
    const world = await failing();
    world.ports.coordination.keepDecision = () => new Promise(() => undefined);
    void decideAndStart(world.context(TOKYO));
    await vi.waitFor(() => expect(world.ports.machines.started).toHaveLength(1));
  });

  it('that cannot be stored starts its machine all the same', async () => {
    const world = await failing();
    world.ports.coordination.failNext('replaceDecision');
    await expect(decideAndStart(world.context(TOKYO))).rejects.toThrow();
    expect(world.ports.machines.started).toHaveLength(1);
  });

  it('that a message could not be sent of is kept once it was', async () => {
    const world = stepWorld(testConfig({ automation: { enabled: false } }));
    await world.observe(SINGAPORE);
    await world.observe(TOKYO);
    await decideAndStart(world.context(TOKYO));
    await world.observe(SINGAPORE, { all: FAILED });
    world.ports.notifier.failure = noAnswer();
    for (let round = 0; round < 3; round++) await decideAndStart(world.context(TOKYO));
    expect(world.ports.coordination.kept.size).toBe(0);
    world.ports.notifier.failure = undefined;
    await decideAndStart(world.context(TOKYO));
    expect(world.ports.coordination.kept.size).toBe(1);
  });

  it('that cannot be kept starts its machine all the same', async () => {
    const world = await failing();
    world.ports.coordination.keepDecision = () => Promise.reject(noAnswer());
    await decideAndStart(world.context(TOKYO));
    expect(world.ports.machines.started).toHaveLength(1);
    expect(world.ports.telemetry.counts.get('decision.not.kept')).toBe(1);
  });

  it('starts the failover in the Region that is its target, by a name that two deciders share', async () => {
    const world = await failing();
    await decideAndStart(world.context(TOKYO));
    await decideAndStart(world.context(TOKYO));
    expect(world.ports.machines.started).toEqual([
      {
        machine: 'failover',
        name: `storefront-0-${SINGAPORE}-${TOKYO}-1`,
        input: expect.objectContaining({
          source: SINGAPORE,
          target: TOKYO,
          reason: 'D200',
          mode: 'automatic',
          epoch: 0,
        }),
      },
    ]);
    expect((await world.ports.coordination.readSituation()).decision).toMatchObject({ ruleId: 'D200', target: TOKYO });
  });

  it('tries under another name where an execution ended without opening anything, and not for ever', async () => {
    const world = await failing();
    for (let attempt = 1; attempt <= 11; attempt++) {
      await decideAndStart(world.context(TOKYO));
      for (const { name } of world.ports.machines.started) world.ports.machines.ended.add(name);
    }
    expect(world.ports.machines.started).toHaveLength(10);
    expect(world.ports.telemetry.counts.get('failover.start.exhausted')).toBe(1);
  });

  it('is tried again at the next round where the machine could not be started', async () => {
    const world = await failing();
    world.ports.machines.failure = noAnswer();
    await decideAndStart(world.context(TOKYO));
    expect(world.ports.telemetry.counts.get('failover.start.failed')).toBe(1);
    world.ports.machines.failure = undefined;
    await decideAndStart(world.context(TOKYO));
    expect(world.ports.machines.started).toHaveLength(1);
  });

  it('is not taken by a Region about itself', async () => {
    const world = await failing();
    await decideAndStart(world.context(SINGAPORE));
    expect(world.ports.machines.started).toEqual([]);
    expect((await world.ports.coordination.readSituation()).decision).toBeUndefined();
  });

  it('starts nothing by the word of one observer, nor by old words', async () => {
    const world = await failing();
    world.ports.clock.pass(120);
    await world.observe(SINGAPORE, { all: FAILED, observers: [SEOUL] });
    await decideAndStart(world.context(TOKYO));
    expect(world.ports.machines.started).toEqual([]);
  });

  it('asks a person where a gate is closed, once for as long as it stands', async () => {
    const world = await failing();
    await world.setState({ automationPaused: true });
    await decideAndStart(world.context(TOKYO));
    await decideAndStart(world.context(TOKYO));
    expect(world.ports.machines.started).toEqual([]);
    expect(world.ports.notifier.sent.map(({ subject }) => subject)).toEqual([
      `[FAILOVER][MANUAL_REVIEW] storefront: ${SINGAPORE}`,
    ]);
  });

  it('does not fail with a dead channel, and counts it', async () => {
    const world = await failing();
    await world.setState({ automationPaused: true });
    world.ports.notifier.failure = noAnswer();
    await decideAndStart(world.context(TOKYO));
    expect(world.ports.telemetry.counts.get('notification.failed')).toBe(1);
    expect(world.ports.telemetry.errors).toEqual([expect.objectContaining({ name: 'TransientPlatformError' })]);
  });

  it('is told again until the message is sent, and then no more', async () => {
    const world = await failing();
    await world.ports.coordination.replaceDecision(undefined, decisionSample());
    await world.setState({ automationPaused: true });
    world.ports.notifier.failure = noAnswer();
    await decideAndStart(world.context(TOKYO));
    await decideAndStart(world.context(TOKYO));
    expect(world.ports.telemetry.counts.get('notification.failed')).toBe(2);
    world.ports.notifier.failure = undefined;
    for (let round = 0; round < 3; round++) await decideAndStart(world.context(TOKYO));
    expect(world.ports.notifier.sent).toHaveLength(1);
    expect((await world.ports.coordination.readSituation()).decision).toMatchObject({ ruleId: 'D200' });
  });

  it('tells nobody that a running operation keeps it from starting another', async () => {
    const world = await failing();
    await world.open();
    await decideAndStart(world.context(TOKYO));
    expect([...world.ports.notifier.sent, ...world.ports.machines.started]).toEqual([]);
  });
});
