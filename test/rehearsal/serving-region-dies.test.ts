import { describe, expect, it } from 'vitest';
import exampleConfig from '../../switchyard.config.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { broken, manualInput, rehearse } from '../_helpers/rehearse.ts';

/** The scenario with the death of the serving Region at another moment of the failback. */
function dyingAt(atSeconds: number): (scenario: Scenario) => Scenario {
  return (scenario) => ({
    ...scenario,
    untilSeconds: atSeconds + 900,
    faults: scenario.faults.map((fault, index) => (index === 1 ? { ...fault, atSeconds } : fault)),
  });
}

describe('a serving Region that dies during a failback', () => {
  it.each([
    { when: 'while the records settle', atSeconds: 4212 },
    { when: 'while the switch opens', atSeconds: 4300 },
    { when: 'while the writer moves', atSeconds: 8262 },
  ])('is left for the other one, $when', async ({ atSeconds }) => {
    const result = await rehearse({ scenario: 'serving-region-dies', change: dyingAt(atSeconds), seed: 1 });
    expect(broken(result)).toEqual([]);
  });
});

/** The writer moves at about 1200 s; its own copy's lag is not measured any more, and by the death was not for minutes. */
const WRITER_FIRST: Scenario = {
  name: 'serving-region-dies-without-the-writer',
  about: 'the serving Region goes dark on the first rung, with the data writer in the returning one since minutes',
  untilSeconds: 2_100,
  faults: [
    { kind: 'region-dark', region: 'primary', atSeconds: 200, untilSeconds: 500 },
    { kind: 'region-dark', region: 'standby', atSeconds: 1_700 },
  ],
  actions: [
    {
      ...{ action: 'start', machine: 'failback', atSeconds: 900 },
      input: manualInput({ source: '{standby}', target: '{primary}' }),
    },
  ],
  expectations: [{ text: 'there are three operations', path: 'operations.length', op: 'equals', value: 3 }],
};

describe('a serving Region that dies once the data writer has left it', () => {
  it('is left by a failover that asks for no lag: the Region that it goes to is the writer', async () => {
    const failback = {
      ...exampleConfig.failback,
      ...({ rungs: [10, 100], bakeMinutes: 8, holdMinutes: 0, moveWriter: 'before-first-rung' } as const),
    };
    const result = await rehearse({ scenario: WRITER_FIRST, config: { ...exampleConfig, failback } });
    expect(broken(result)).toEqual([]);
    expect(result.operations.map(({ status }) => status)).toEqual(['SUCCEEDED', 'ABORTED', 'SUCCEEDED']);
    expect(result.answers.atEnd).toEqual([{ value: 'singapore.storefront.example', share: 1 }]);
    const home = 'ap-southeast-1';
    expect(result.world).toMatchObject({ phase: 'FAILED_OVER', activeRegion: home, writerRegion: home });
  });
});
