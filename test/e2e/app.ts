import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { build } from 'esbuild';
import { BUNDLING } from '../../lib/bundle-functions.ts';
import { runApp } from '../../lib/run-app.ts';
import { fillGaps } from './emulator/fill-gaps.ts';

/** Folder of this deployment's bundles, and its network; both are told by the test that runs the CDK CLI. */
const { SWITCHYARD_E2E_BUNDLES: FOLDER = 'dist/e2e/bundles', LOCAL_NETWORK: NETWORK = '{}' } = process.env;

/** The app as `bin/switchyard-app.ts` runs it, and what the emulator lacks filled in. */
process.exitCode = await runApp({ bundles: join(FOLDER, 'lambdas'), adapt });

async function adapt(app: App): Promise<void> {
  const outdir = join(FOLDER, 'fill-gaps');
  await build({ ...BUNDLING, entryPoints: { index: 'test/e2e/emulator/gap-handler.ts' }, outdir });
  fillGaps(app, { bundle: outdir, network: NETWORK });
}
