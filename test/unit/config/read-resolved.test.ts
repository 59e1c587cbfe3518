import { describe, expect, it } from 'vitest';
import { readResolvedConfig } from '../../../core/config/read-resolved.ts';
import { RefusedInputError } from '../../../core/errors.ts';
import { PRESET_MATRIX } from '../../_fixtures/preset-matrix.ts';
import { CONFIGS } from '../../_helpers/configs.ts';

const printed = (config: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(config));
const ALL = [...CONFIGS, ...PRESET_MATRIX.map(({ name, config }) => [name, config] as const)];

describe('a config beside a function', () => {
  it.each(ALL)('is the one that was resolved: %s', (_, config) => {
    expect(readResolvedConfig(printed(config))).toEqual(config);
  });

  it('cannot be changed', () => {
    const config = readResolvedConfig(printed(CONFIGS[0]?.[1]));
    expect(Object.isFrozen(config) && Object.isFrozen(config.regions[0])).toBe(true);
  });

  it('is refused with everything that a later version does not know', () => {
    const other = { ...printed(CONFIGS[0]?.[1]), preset: 'x', unheardOf: 1 };
    const read = () => readResolvedConfig(other);
    expect(read).toThrow(RefusedInputError);
    expect(read).toThrow(
      /^the config beside the function is refused:\n[\s\S]*preset[\s\S]*unheardOf|unheardOf[\s\S]*preset/,
    );
  });
});
