import { describe, expect, it } from 'vitest';
import { createValidateService } from '../../../lambdas/validate-service/validate-service.ts';
import { createVerifyAnswers } from '../../../lambdas/verify-answers/verify-answers.ts';
import { createVerifyTraffic } from '../../../lambdas/verify-traffic/verify-traffic.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { FAILED, stepWorld } from '../../_helpers/steps/step-world.ts';

const DONE = { done: true, waitSeconds: 0 };
const HERE = 'tokyo.storefront.example';
const THERE = 'singapore.storefront.example';

async function failingOver() {
  const world = stepWorld();
  return { world, input: await world.open() };
}

describe('verify-answers', () => {
  const asked = async (...answers: readonly (readonly string[] | 'silent')[]) => {
    const { world, input } = await failingOver();
    answers.forEach((values, index) => {
      world.ports.dns.servers.set(
        `ns-${index}`,
        values === 'silent' ? { answered: false, reason: 'timed out' } : { answered: true, values },
      );
    });
    return { world, input, verify: createVerifyAnswers(world.context()) };
  };

  it('is done when every server answers with the target alone', async () => {
    const { world, input, verify } = await asked([HERE], [HERE]);
    expect(await verify(input)).toEqual(DONE);
    world.ports.dns.servers.clear();
    expect(await verify(input)).toEqual(DONE);
    expect(await world.lines(input, 'verify-answers')).toMatchObject([
      { outcome: 'done', detail: { servers: ['ns-0', 'ns-1'] } },
    ]);
  });

  it.each([
    { what: 'answers with the source', last: [THERE], says: THERE },
    { what: 'answers with both', last: [HERE, THERE], says: `${HERE}, ${THERE}` },
    { what: 'answers with nothing', last: [], says: 'no values' },
    { what: 'is silent', last: 'silent' as const, says: 'timed out' },
  ])('asks again where one server $what, and records which', async ({ last, says }) => {
    const { world, input, verify } = await asked([HERE], last);
    expect(await verify(input)).toEqual({ done: false, waitSeconds: 2 });
    await verify(input);
    expect(await world.lines(input, 'verify-answers')).toMatchObject([
      { outcome: 'waiting', detail: { lagging: [`ns-1: ${says}`] } },
    ]);
  });

  it('takes no servers for no proof', async () => {
    const { input, verify } = await asked();
    expect(await verify(input)).toEqual({ done: false, waitSeconds: 2 });
  });

  it.each([
    { seconds: 180, late: false },
    { seconds: 181, late: true },
  ])('$seconds s after the first look it is too late: $late', async ({ seconds, late }) => {
    const { world, input, verify } = await asked([HERE], 'silent');
    await verify(input);
    world.ports.clock.pass(seconds);
    if (!late) return expect(await verify(input)).toEqual({ done: false, waitSeconds: 2 });
    await expect(verify(input)).rejects.toMatchObject({
      name: 'AnswersNotMovedError',
      message: expect.stringContaining('ns-1: timed out'),
    });
  });

  it('has its time also after a long promotion, and again after a hold', async () => {
    const { world, input, verify } = await asked('silent');
    await world.addLine(input, { step: 'shift-traffic', outcome: 'done' });
    world.ports.clock.pass(600);
    expect((await verify(input)).done).toBe(false);
    world.ports.clock.pass(181);
    await expect(verify(input)).rejects.toMatchObject({ name: 'AnswersNotMovedError' });
    await world.addLine(input, { step: 'hold-operation', outcome: 'waiting' });
    expect((await verify(input)).done).toBe(false);
  });

  it('passes on that the zone does not tell its servers', async () => {
    const { world, input, verify } = await asked([HERE]);
    world.ports.dns.failure = noAnswer();
    await expect(verify(input)).rejects.toMatchObject({ retryable: true });
  });
});

describe('verify-traffic', () => {
  const verifying = async (load?: number) => {
    const { world, input } = await failingOver();
    const detail = load === undefined ? {} : { loadRequestsPerSecond: load };
    await world.addLine(input, { step: 'validate-target', outcome: 'done', detail });
    return { world, input, verify: createVerifyTraffic(world.context()) };
  };

  it.each([
    { load: undefined, carried: 100, done: false },
    { load: undefined, carried: 100.1, done: true },
    { load: 1000, carried: 100.1, done: true },
    { load: 50, carried: 39.9, done: false },
    { load: 50, carried: 40, done: true },
  ])('with $load requests/s before and $carried on the target it is done: $done', async ({ load, carried, done }) => {
    const { world, input, verify } = await verifying(load);
    world.ports.traffic.readings.set(TOKYO, { requestsPerSecond: carried });
    expect(await verify(input)).toEqual(done ? DONE : { done: false, waitSeconds: 30 });
    expect((await world.lines(input, 'verify-traffic'))[0]).toMatchObject({
      outcome: done ? 'done' : 'waiting',
      detail: { target: carried, ...(load === undefined ? {} : { before: load }) },
    });
  });

  it.each([
    { what: 'is dark', reading: undefined },
    { what: 'has no data', reading: {} },
  ])('does not take a Region whose metric $what for one with traffic', async ({ reading }) => {
    const { world, input, verify } = await verifying(0);
    if (reading !== undefined) world.ports.traffic.readings.set(TOKYO, reading);
    expect(await verify(input)).toEqual({ done: false, waitSeconds: 30 });
    expect((await world.lines(input, 'verify-traffic'))[0]?.detail['reasons']).toEqual([
      'traffic on the target is not measured yet',
    ]);
  });

  it('gives up after ten looks, and has ten again once a person resumed', async () => {
    const { world, input, verify } = await verifying();
    for (let look = 1; look < 10; look++) await verify(input);
    await expect(verify(input)).rejects.toMatchObject({ name: 'TrafficNotArrivedError', retryable: false });
    await world.addLine(input, { step: 'hold-operation', outcome: 'waiting' });
    expect((await verify(input)).done).toBe(false);
  });

  it('stays done', async () => {
    const { world, input, verify } = await verifying();
    world.ports.traffic.readings.set(TOKYO, { requestsPerSecond: 200 });
    await verify(input);
    world.ports.traffic.readings.clear();
    expect(await verify(input)).toEqual(DONE);
    expect(await world.lines(input, 'verify-traffic')).toHaveLength(1);
  });
});

describe('validate-service', () => {
  const WELL = { errorRate: 0.009, p95Milliseconds: 199, requestsPerSecond: 99 };
  const validating = async () => {
    const { world, input } = await failingOver();
    await world.observe(TOKYO);
    world.ports.traffic.readings.set(TOKYO, WELL);
    return { world, input, validate: createValidateService(world.context()) };
  };

  it('is done where the target serves well; what is left behind is noted and not failed', async () => {
    const { world, input, validate } = await validating();
    world.ports.traffic.readings.set(SINGAPORE, { requestsPerSecond: 1 });
    expect(await validate(input)).toEqual(DONE);
    expect(await world.lines(input, 'validate-service')).toMatchObject([
      { outcome: 'done', detail: { sharePercent: 99, notes: ['1.0 % still on other Regions (TTL tail)'] } },
    ]);
  });

  it('does not need a word of the Region that was left', async () => {
    const { world, input, validate } = await validating();
    expect(await validate(input)).toEqual(DONE);
    const [line] = await world.lines(input, 'validate-service');
    expect(line?.detail).toMatchObject({ notes: [] });
    expect(line?.detail).not.toHaveProperty('sharePercent');
  });

  it.each([
    { what: 'errors of 1 %', reading: { ...WELL, errorRate: 0.01 }, reason: /errors 1.00 %/ },
    { what: 'a p95 of 200 ms', reading: { ...WELL, p95Milliseconds: 200 }, reason: /p95 200 ms/ },
    { what: 'unmeasured errors', reading: { p95Milliseconds: 1 }, reason: /errors are not measured/ },
    { what: 'an unmeasured p95', reading: { errorRate: 0 }, reason: /p95 is not measured/ },
  ])('looks again on $what', async ({ reading, reason }) => {
    const { world, input, validate } = await validating();
    world.ports.traffic.readings.set(TOKYO, reading);
    expect(await validate(input)).toEqual({ done: false, waitSeconds: 30 });
    expect((await world.lines(input, 'validate-service'))[0]?.detail['reasons']).toEqual([
      expect.stringMatching(reason),
    ]);
  });

  it('looks again on a critical check that is not passed by quorum, and on old words', async () => {
    const { world, input, validate } = await validating();
    await world.observe(TOKYO, { checks: { 'cache-cluster': FAILED } });
    expect((await validate(input)).done).toBe(false);
    await world.observe(TOKYO);
    world.ports.clock.pass(120);
    expect((await validate(input)).done).toBe(false);
    await world.observe(TOKYO);
    expect(await validate(input)).toEqual(DONE);
  });

  it('gives up after ten looks, naming the reasons', async () => {
    const { world, input, validate } = await validating();
    world.ports.traffic.readings.clear();
    for (let look = 1; look < 10; look++) await validate(input);
    await expect(validate(input)).rejects.toMatchObject({
      name: 'ServiceNotValidError',
      retryable: false,
      message: expect.stringContaining('errors are not measured yet'),
    });
  });
});
