import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { buildApp } from '../../lib/build-app.ts';
import { FUNCTIONS } from '../../lib/functions.ts';

/**
 * Synthesizes the app of a config below a folder, with the project's feature flags, and gives the templates' paths. The
 * functions do nothing: no template knows what is inside.
 */
export function synthesizeTemplates(config: ResolvedConfig, folder: string): readonly string[] {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const outdir = join(folder, 'app');
  const app = new App({ outdir, context: { ...context, 'aws:cdk:disable-asset-staging': true } });
  buildApp(app, config, placeholderBundles(join(folder, 'bundles')));
  app.synth();
  return readdirSync(outdir)
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => join(outdir, file));
}

function placeholderBundles(folder: string): string {
  for (const name of FUNCTIONS) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'index.mjs'), 'export const handler = async () => {};\n');
  }
  return folder;
}
