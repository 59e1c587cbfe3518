import { describe, expect, it } from 'vitest';
import { createValidateTarget } from '../../../lambdas/validate-target/validate-target.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { FAILED, stepWorld } from '../../_helpers/steps/step-world.ts';

const HOUR_SECONDS = 3600;

/** A failover with a lag measured that long ago, and a source that failed that long ago or writes on. */
async function validate({
  measuredSecondsAgo,
  failedSecondsAgo,
  acceptDataLossSeconds,
}: {
  measuredSecondsAgo?: number;
  failedSecondsAgo?: number;
  acceptDataLossSeconds?: number;
}) {
  const world = stepWorld();
  const accepted = acceptDataLossSeconds === undefined ? {} : { acceptDataLossSeconds };
  const input = await world.open('failover', accepted);
  const now = world.ports.clock.nowMs;
  await world.observe(TOKYO);
  const failed = { ...FAILED, sinceEpochMs: now - (failedSecondsAgo ?? 0) * 1000 };
  await world.observe(SINGAPORE, failedSecondsAgo === undefined ? {} : { all: failed });
  if (measuredSecondsAgo !== undefined)
    world.ports.dataTier.lags.set(TOKYO, { seconds: 0.4, measuredAtEpochMs: now - measuredSecondsAgo * 1000 });
  const { passed, reasons } = await createValidateTarget(world.context())(input);
  const [line] = await world.lines(input, 'validate-target');
  return { passed, reasons, detail: line?.detail };
}

describe('a lag that cannot be measured', () => {
  it('refuses the target and says what to do', async () => {
    const { passed, reasons } = await validate({});
    expect(passed).toBe(false);
    expect(reasons).toEqual([expect.stringContaining('acceptDataLossSeconds')]);
  });

  it('is accepted by name and recorded as unmeasured', async () => {
    const { passed, detail } = await validate({ acceptDataLossSeconds: 10 });
    expect(passed).toBe(true);
    expect(detail).toMatchObject({ lag: 'unmeasured', acceptedLossSeconds: 10 });
    expect(detail).not.toHaveProperty('lagSeconds');
  });
});

describe('a target that has the right to write already', () => {
  const validateWriter = async (now: { writerRegion: string | null; movingTo: string | null }) => {
    const world = stepWorld();
    const input = await world.open('failover');
    await world.setState({ writerRegion: TOKYO });
    world.ports.dataTier.now = now;
    await world.observe(TOKYO);
    await world.observe(SINGAPORE, { all: FAILED });
    const { passed } = await createValidateTarget(world.context())(input);
    return { passed, detail: (await world.lines(input, 'validate-target'))[0]?.detail };
  };

  it('lacks nothing, whatever was measured of its copy', async () => {
    const { passed, detail } = await validateWriter({ writerRegion: TOKYO, movingTo: null });
    expect(passed).toBe(true);
    expect(detail).toMatchObject({ isWriter: true });
    expect(detail).not.toHaveProperty('lag');
  });

  it.each([
    { what: 'calls another Region the writer', now: { writerRegion: SINGAPORE, movingTo: null } },
    { what: 'is moving the writer', now: { writerRegion: null, movingTo: SINGAPORE } },
  ])('is judged by its lag where the data tier $what', async ({ now }) => {
    expect((await validateWriter(now)).passed).toBe(false);
  });
});

describe('the last measured lag', () => {
  it.each([
    { what: 'of a source that died right after it, hours ago', failed: 5 * HOUR_SECONDS - 120, passed: true },
    { what: 'of a source that wrote on for hours', failed: HOUR_SECONDS, passed: false },
    { what: 'of a source that writes still', failed: undefined, passed: false },
  ])('from five hours ago $what counts: $passed', async ({ failed, passed }) => {
    const given = failed === undefined ? {} : { failedSecondsAgo: failed };
    const judged = await validate({ measuredSecondsAgo: 5 * HOUR_SECONDS, ...given });
    expect(judged.passed).toBe(passed);
    expect(judged.detail).toMatchObject({ lagSeconds: 0.4, ...(passed ? {} : { lag: 'unmeasured' }) });
  });
});
