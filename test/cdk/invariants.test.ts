import { describe, it } from 'vitest';
import { CONFIGS } from '../_helpers/configs.ts';
import { INVARIANTS } from '../_helpers/invariants.ts';
import { synthesized } from '../_helpers/synthesize.ts';

describe.each(CONFIGS)('every template of %s', (_, config) => {
  const app = synthesized(config);

  it.each(INVARIANTS)('$name', ({ holds }) => {
    holds(app, config);
  });
});
