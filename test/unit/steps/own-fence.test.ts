import { describe, expect, it } from 'vitest';
import { assertCurrentServes } from '../../../lambdas/assert-current-serves.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { journalFor } from '../../../lambdas/step-journal.ts';
import type { StepInput } from '../../../state-machines/contracts.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { FAILED, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

/** Ten minutes in which a third of the requests of the Region that serves failed, at a volume that counts. */
async function failingTraffic(world: StepWorld): Promise<void> {
  await world.observe(TOKYO);
  const reports = await world.ports.coordination.readSituation();
  for (const report of reports.reports.filter(({ subject }) => subject === TOKYO)) {
    const minutes = Array.from({ length: 11 }, (_, back) => world.ports.clock.nowMs - (10 - back) * 60_000);
    const series = (value: number) => minutes.map((atEpochMs) => ({ value, atEpochMs }));
    await world.ports.coordination.mergeReport({
      ...report,
      round: report.round + 1,
      metrics: { 'error-rate': series(0.3), 'requests-per-second': series(400) },
    });
  }
}

async function failing(): Promise<{
  readonly world: StepWorld;
  readonly input: StepInput;
  readonly look: () => Promise<void>;
}> {
  const world = stepWorld();
  const input = await world.open('failback');
  const look = async () => {
    await failingTraffic(world);
    const context = world.context();
    await assertCurrentServes(context, await journalFor('check-rung', context, input));
  };
  return { world, input, look };
}

const DEAD = { name: 'CurrentRegionFailedError' };

describe("errors of the Region that serves, while a failback's own fence keeps it from writing", () => {
  it('end a failback that has fenced nobody', async () => {
    const { look } = await failing();
    await expect(look()).rejects.toMatchObject(DEAD);
  });

  it('do not while the fence stands, nor for the time that the row looks back on after it', async () => {
    const { world, input, look } = await failing();
    await createFenceSource(world.context())(input);
    await look();
    await world.setState({ writerRegion: SINGAPORE });
    await world.addLine(input, { step: 'check-promotion', outcome: 'done' });
    world.ports.clock.pass(300);
    await look();
    world.ports.clock.pass(600);
    await expect(look()).rejects.toMatchObject(DEAD);
  });

  it('hide nothing else: a Region that is gone ends it all the same', async () => {
    const { world, input } = await failing();
    await createFenceSource(world.context())(input);
    await world.observe(TOKYO, { all: FAILED });
    const context = world.context();
    const journal = await journalFor('check-rung', context, input);
    await expect(assertCurrentServes(context, journal)).rejects.toMatchObject(DEAD);
  });
});

describe('a serving Region that fails once the writer is in the returning one', () => {
  const diesWith = async (weightLeft: number) => {
    const world = stepWorld();
    const input = await world.open('failback');
    const weights = { [SINGAPORE]: 100 - weightLeft, [TOKYO]: weightLeft };
    await world.setState({ writerRegion: SINGAPORE, weights });
    await world.observe(TOKYO, { all: FAILED });
    const context = world.context();
    return assertCurrentServes(context, await journalFor('check-rung', context, input));
  };

  it('ends the failback while any weight is on it', async () => {
    await expect(diesWith(1)).rejects.toMatchObject(DEAD);
  });

  it('ends nothing once all of the traffic has left it too', async () => {
    await expect(diesWith(0)).resolves.toBeUndefined();
  });
});
