import type { Problem } from '../../../core/errors.ts';

/** An input that breaks one rule across fields, and every problem that is to be found in it. */
export interface BrokenConfig {
  readonly what: string;
  readonly input: unknown;
  readonly problems: readonly Problem[];
}
