import { describe, expect, it } from 'vitest';
import type { TrafficReading } from '../../../core/ports.ts';
import { createCheckRung } from '../../../lambdas/check-rung/check-rung.ts';
import { createValidateService } from '../../../lambdas/validate-service/validate-service.ts';
import { createVerifyTraffic } from '../../../lambdas/verify-traffic/verify-traffic.ts';
import type { CheckRungInput } from '../../../state-machines/contracts.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const WELL: TrafficReading = {
  errorRate: 0.001,
  p95Milliseconds: 80,
  connectionsPerSecond: 10,
  requestsPerSecond: 200,
};

/** The last rung, with all traffic on the original Region; Tokyo's metrics are up to the test. */
async function bakeLastRung(tokyo: TrafficReading | undefined) {
  const world = stepWorld();
  const { operation } = await world.open('failback');
  const input: CheckRungInput = {
    operation,
    ladder: { next: 'rung', percent: 100, weights: { [SINGAPORE]: 100, [TOKYO]: 0 } },
  };
  world.ports.traffic.readings.set(SINGAPORE, WELL);
  if (tokyo !== undefined) world.ports.traffic.readings.set(TOKYO, tokyo);
  const look = async () => {
    await world.observe(SINGAPORE);
    await world.observe(TOKYO);
    return createCheckRung(world.context())(input);
  };
  await look();
  world.ports.clock.pass(world.config.failback.bakeMinutes * 60);
  return look();
}

describe('the last rung', () => {
  it.each([
    { tokyo: {}, of: 'publishes nothing while idle', verdict: 'baked' },
    { tokyo: { requestsPerSecond: 0, connectionsPerSecond: 0 }, of: 'publishes that it is idle', verdict: 'baked' },
    { tokyo: { ...WELL, connectionsPerSecond: 10 }, of: 'still carries half', verdict: 'breach' },
    { tokyo: undefined, of: 'does not answer', verdict: 'breach' },
  ])('of an application that $of is $verdict', async ({ tokyo, verdict }) => {
    expect(await bakeLastRung(tokyo)).toMatchObject({ verdict });
  });
});

/** A failover whose traffic was shifted two minutes ago. */
async function shifted(): Promise<{ world: StepWorld; input: Awaited<ReturnType<StepWorld['open']>> }> {
  const world = stepWorld();
  const input = await world.open('failover');
  await world.addLine(input, { step: 'shift-traffic', outcome: 'done' });
  world.ports.clock.pass(120);
  await world.observe(TOKYO);
  return { world, input };
}

/** Tokyo publishes every minute one minute late. */
function publishLate({ ports }: StepWorld): void {
  const { read } = ports.traffic;
  ports.traffic.read = async (region, span) => {
    const reading = await read(region, span);
    return span.toEpochMs > ports.clock.nowMs - 60_000 ? {} : reading;
  };
}

describe('traffic that is published late', () => {
  it('is judged by the newest minute that is there', async () => {
    const { world, input } = await shifted();
    world.ports.traffic.readings.set(TOKYO, WELL).set(SINGAPORE, {});
    publishLate(world);
    expect(await createVerifyTraffic(world.context())(input)).toEqual({ done: true, waitSeconds: 0 });
    expect(await createValidateService(world.context())(input)).toEqual({ done: true, waitSeconds: 0 });
  });

  it('is not judged by a minute from before the shift', async () => {
    const { world, input } = await shifted();
    world.ports.traffic.readings.set(TOKYO, {}).set(SINGAPORE, {});
    await createVerifyTraffic(world.context())(input);
    await createValidateService(world.context())(input);
    const [line] = await world.lines(input, 'shift-traffic');
    expect(world.ports.traffic.asked.length).toBeGreaterThan(0);
    for (const { fromEpochMs } of world.ports.traffic.asked) {
      expect(fromEpochMs).toBeGreaterThanOrEqual(line?.atEpochMs ?? Number.NaN);
    }
  });
});

describe('the share that the target carries', () => {
  it.each([
    { singapore: {}, share: 100 },
    { singapore: { requestsPerSecond: 50 }, share: 80 },
    { singapore: undefined, share: undefined },
  ])('is $share % where the source says $singapore', async ({ singapore, share }) => {
    const { world, input } = await shifted();
    world.ports.traffic.readings.set(TOKYO, WELL);
    if (singapore !== undefined) world.ports.traffic.readings.set(SINGAPORE, singapore);
    await createValidateService(world.context())(input);
    const [line] = await world.lines(input, 'validate-service');
    expect(line).toMatchObject({ outcome: 'done' });
    expect(line?.detail['sharePercent']).toBe(share);
  });
});
