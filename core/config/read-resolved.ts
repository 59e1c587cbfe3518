import { RefusedInputError } from '../errors.ts';
import { schemaProblems } from '../schema-problems.ts';
import { deepFreeze } from './deep-freeze.ts';
import { configSchema } from './schema.ts';
import type { ResolvedConfig } from './types.ts';

/**
 * Reads a config that was resolved before, as it lies beside a function: every field has its form, and the rules across
 * fields were judged when it was resolved. They are left out here so that no function carries them.
 *
 * @throws {RefusedInputError} naming every problem of form, which a config of another version may have.
 */
export function readResolvedConfig(printed: unknown): ResolvedConfig {
  const parsed = configSchema.safeParse(printed);
  if (parsed.success) return deepFreeze(parsed.data as ResolvedConfig);
  const problems = schemaProblems(parsed.error, { input: printed, keysListedIn: 'docs/configuration.md' });
  throw new RefusedInputError('the config beside the function', problems, 'CONFIG_REFUSED');
}
