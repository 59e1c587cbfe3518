import { isCrashed, runAtEveryCrashPoint } from './crash-points.ts';
import type { RehearsalResult } from './result-document.ts';
import { type RunSettings, runOnce } from './run-once.ts';

export type { Progress, RunSettings } from './run-once.ts';

/**
 * Rehearses a scenario; one with crash points many times over.
 *
 * @throws {RefusedInputError} where the scenario does not fit the config.
 */
export async function runScenario(settings: RunSettings): Promise<RehearsalResult> {
  const { scenario } = settings;
  return isCrashed(scenario) ? runAtEveryCrashPoint({ ...settings, scenario }) : (await runOnce(settings)).result;
}
