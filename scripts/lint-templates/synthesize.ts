import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ResolvedFleet } from '../../core/fleet/fleet-types.ts';
import { buildApp } from '../../lib/build-app.ts';
import { buildFleet } from '../../lib/fleet/build-fleet.ts';
import { FLEET_FUNCTIONS, functionsOf } from '../../lib/functions.ts';

/**
 * Synthesizes the app of a config below a folder, with the project's feature flags, and gives the templates' paths. The
 * functions do nothing: no template knows what is inside.
 */
export function synthesizeTemplates(config: ResolvedConfig, folder: string): readonly string[] {
  return synthesize(folder, functionsOf(config), (app, bundles) => buildApp(app, config, bundles));
}

/** The same for a fleet's own stacks. */
export function synthesizeFleetTemplates(fleet: ResolvedFleet, folder: string): readonly string[] {
  return synthesize(folder, FLEET_FUNCTIONS, (app, bundles) => buildFleet(app, fleet, bundles));
}

function synthesize(
  folder: string,
  functions: readonly string[],
  build: (app: App, bundles: string) => void,
): readonly string[] {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const outdir = join(folder, 'app');
  const app = new App({ outdir, context: { ...context, 'aws:cdk:disable-asset-staging': true } });
  build(app, placeholderBundles(join(folder, 'bundles'), functions));
  app.synth();
  return readdirSync(outdir)
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => join(outdir, file));
}

function placeholderBundles(folder: string, functions: readonly string[]): string {
  for (const name of functions) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'index.mjs'), 'export const handler = async () => {};\n');
  }
  return folder;
}
