import type { Problem } from '../errors.ts';
import type { ParsedConfig } from './types.ts';

/** A top-level section of the config. */
export type Section = keyof ParsedConfig & string;

/**
 * A rule across fields. It sees only the sections it names, so that it can be judged while another section is
 * malformed: every problem is reported at once.
 */
export interface CrossFieldRule {
  /** The page or principle that says so; goes into every problem found. */
  readonly source: string;
  readonly needs: readonly Section[];
  readonly check: (sections: ParsedConfig) => readonly Problem[];
}

/** Declares a rule whose check is typed by the sections it needs. */
export function rule<S extends Section>(definition: {
  readonly source: string;
  readonly needs: readonly S[];
  readonly check: (sections: Pick<ParsedConfig, S>) => readonly Problem[];
}): CrossFieldRule {
  return definition;
}

/** The rule's findings, each with its source. */
export function findings({ check, source }: CrossFieldRule, sections: ParsedConfig): readonly Problem[] {
  return check(sections).map((problem) => ({ source, ...problem }));
}
