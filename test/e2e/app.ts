import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { build } from 'esbuild';
import { buildApp } from '../../lib/build-app.ts';
import { bundleLambdas } from '../../lib/bundle-lambdas.ts';
import { loadConfig } from '../../lib/load-config.ts';
import { fillGaps } from './emulator/fill-gaps.ts';

/**
 * The CDK app for the emulator: the stacks of production as `bin/switchyard-app.ts` builds them, and what the emulator lacks
 * filled in. Context: `config` names the config, `bundles` the folder for the bundles.
 */
const app = new App({ autoSynth: false });
const folder = String(app.node.getContext('bundles'));
const [config] = await Promise.all([loadConfig(app.node.getContext('config')), bundleFiller(join(folder, 'fill-gap'))]);
buildApp(app, config, await bundleLambdas(config, join(folder, 'lambdas')));
fillGaps(app, join(folder, 'fill-gap'));
app.synth();

async function bundleFiller(outdir: string): Promise<void> {
  await build({
    entryPoints: { index: join(import.meta.dirname, 'emulator/gap-handler.ts') },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    minify: true,
  });
}
