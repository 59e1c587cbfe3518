import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RefusedInputError } from '../core/errors.ts';
import type { WrittenScenario } from '../twin/scenarios/references.ts';
import { readJsonFile } from './read-json-file.ts';

const SCENARIOS = fileURLToPath(new URL('../twin/scenarios/', import.meta.url));

/** What is rehearsed where nothing else is asked for. */
export const DEFAULT_SCENARIO = 'region-outage';

/** The names of the scenarios that come with the project. */
export function scenarioNames(): readonly string[] {
  return readdirSync(SCENARIOS)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .toSorted();
}

/**
 * Finds a scenario: one of the project's by its name, or anybody's by the path of its file.
 *
 * @throws {RefusedInputError} naming the known ones, or why the file cannot be read.
 */
export function findScenario(nameOrPath: string): WrittenScenario {
  const subject = `the scenario ${nameOrPath}`;
  if (scenarioNames().includes(nameOrPath)) {
    return { subject, input: readJsonFile('the scenario', `${SCENARIOS}${nameOrPath}.json`) };
  }
  if (nameOrPath.endsWith('.json') || nameOrPath.includes('/')) {
    return { subject, input: readJsonFile('the scenario', nameOrPath) };
  }
  throw new RefusedInputError('the scenario', [
    {
      path: '',
      message: 'is not known',
      value: nameOrPath,
      allowed: `${scenarioNames().join(', ')}, or the path of a .json file`,
      remedy: 'correct the name (docs/scenarios.md tells how to write one)',
    },
  ]);
}
