import { findScenario, scenarioNames } from '../cli/find-scenario.ts';
import { readScenario } from '../twin/scenarios/references.ts';
import { markdownTable } from './markdown-table.ts';

/** The scenarios that come with the project, in order of the alphabet. */
export function renderScenarios(): string {
  const scenarios = scenarioNames().map((name) => readScenario(findScenario(name)));
  return markdownTable(
    ['scenario', 'what happens'],
    scenarios.map(({ name, about }) => [`\`${name}\``, about]),
  );
}
