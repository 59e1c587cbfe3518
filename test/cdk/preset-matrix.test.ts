import { Token } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../core/config/accessors.ts';
import { PRESET_TRAITS } from '../../core/config/preset.ts';
import { COUNTS, PRESET_MATRIX } from '../_fixtures/preset-matrix.ts';
import { INVARIANTS } from '../_helpers/invariants.ts';
import { synthesized } from '../_helpers/synthesize.ts';

describe.each(PRESET_MATRIX)('$name', ({ config }) => {
  const app = synthesized(config);
  const { orchestrated } = traitsOf(config);

  it('synthesizes for any account, without a look-up, and no guard refuses it', () => {
    for (const stack of app.stacks.values()) {
      expect(Token.isUnresolved(stack.account)).toBe(true);
      const metadata = stack.node.findAll().flatMap(({ node }) => node.metadata);
      expect(metadata.filter(({ type }) => type === 'aws:cdk:error' || type === 'aws:cdk:warning')).toEqual([]);
    }
    expect(app.missing).toEqual([]);
  });

  it('has a stack for every Region that does something, and the records alone where nothing is orchestrated', () => {
    const regions = config.regions.map(({ id }) => `region-${id}`);
    const vantages = config.vantages.map((id) => `vantage-${id}`);
    const expected = orchestrated ? ['routing', 'coordination', ...regions, ...vantages] : ['routing'];
    expect([...app.stacks.keys()].toSorted()).toEqual(expected.toSorted());
  });

  it('has a queue for waiting writes in every application Region, where writes wait, and in no other', () => {
    const withQueue = [...app.stacks.keys()].filter((stack) => app.resources(stack, 'AWS::SQS::Queue').size > 0);
    const regions = config.regions.map(({ id }) => `region-${id}`);
    expect(withQueue).toEqual(config.preset === 'queue-based-writes' ? regions : []);
  });

  it.each(INVARIANTS)('$name', ({ holds }) => {
    holds(app, config);
  });
});

describe('the matrix', () => {
  it('has every preset in two, three and five Regions', () => {
    for (const preset of Object.keys(PRESET_TRAITS)) {
      const counts = PRESET_MATRIX.filter((cell) => cell.preset === preset).map(({ regions }) => regions);
      expect([...new Set(counts)]).toEqual([...COUNTS]);
    }
  });
});
