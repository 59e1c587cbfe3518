import { findScenario } from '../../cli/find-scenario.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import exampleConfig from '../../switchyard.config.ts';
import { readScenario } from '../../twin/scenarios/references.ts';
import type { RehearsalResult } from '../../twin/scenarios/result-document.ts';
import { runScenario } from '../../twin/scenarios/run-scenario.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';

/** How a test rehearses: a scenario of the project, changed where the test wants it. */
export interface Rehearsing {
  readonly scenario: string | Scenario;
  readonly change?: (scenario: Scenario) => Scenario;
  readonly seed?: number;
  readonly config?: ResolvedConfig;
}

/** Rehearses with the example config unless told otherwise. */
export function rehearse({
  scenario,
  change = (same) => same,
  seed = 1,
  config = exampleConfig,
}: Rehearsing): Promise<RehearsalResult> {
  const found = typeof scenario === 'string' ? readScenario(findScenario(scenario)) : scenario;
  return runScenario({ scenario: change(found), config, seed });
}

/** The texts of what did not hold. */
export function broken({ expectations }: RehearsalResult): readonly string[] {
  return expectations.filter(({ held }) => !held).map(({ text }) => text);
}

/** The input of a manual operation between the example's Regions. */
export function manualInput(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    application: '{application}',
    source: '{primary}',
    target: '{standby}',
    reason: 'a test',
    mode: 'manual',
    requestedBy: 'tester',
    approval: 'none',
    ...changes,
  };
}
