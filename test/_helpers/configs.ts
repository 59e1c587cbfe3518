import { readdirSync, readFileSync } from 'node:fs';
import { resolveConfig } from '../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import storefront from '../../switchyard.config.ts';
import { ONE_PER_PRESET } from '../_fixtures/preset-matrix.ts';

const FIXTURES = new URL('../_fixtures/configs/', import.meta.url);

/** The config of a file in `test/_fixtures/configs`, by its name without the extension. */
export function fixtureConfig(name: string): ResolvedConfig {
  return resolveConfig(JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8')));
}

/** The project's own config and every fixture, by name: one of each preset and routing policy, and of three Regions. */
export const CONFIGS: readonly (readonly [name: string, config: ResolvedConfig])[] = [
  ['storefront', storefront],
  ...readdirSync(FIXTURES)
    .map((file) => file.replace(/\.json$/, ''))
    .sort()
    .map((name) => [name, fixtureConfig(name)] as const),
];

/** A config of every preset by name, in two, three or five Regions. */
export const PRESET_CONFIGS: readonly (readonly [name: string, config: ResolvedConfig])[] = ONE_PER_PRESET.map(
  ({ name, config }) => [name, config],
);
