import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { build } from 'esbuild';
import { runApp } from '../../lib/run-app.ts';
import { fillGaps } from './emulator/fill-gaps.ts';

/** Folder of this deployment's bundles, and its network; both are told by the test that runs the CDK CLI. */
const { SWITCHYARD_E2E_BUNDLES: FOLDER = 'dist/e2e/bundles', LOCAL_NETWORK: NETWORK = '{}' } = process.env;

/** The app as `bin/switchyard-app.ts` runs it, and what the emulator lacks filled in. */
process.exitCode = await runApp({ bundles: join(FOLDER, 'lambdas'), adapt });

async function adapt(app: App): Promise<void> {
  const outdir = join(FOLDER, 'fill-gaps');
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
  fillGaps(app, { bundle: outdir, network: NETWORK });
}
