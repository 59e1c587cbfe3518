import { App } from 'aws-cdk-lib';
import { traitsOf } from '../core/config/accessors.ts';
import { RefusedInputError } from '../core/errors.ts';
import { buildApp } from './build-app.ts';
import { BUNDLES, bundleFleetLambdas, bundleLambdas } from './bundle-lambdas.ts';
import { buildFleet } from './fleet/build-fleet.ts';
import { loadConfig, loadFleet } from './load-config.ts';

/** Exit codes of the app: done, and input refused. */
export type ExitCode = 0 | 2;

/** What differs where the app is not deployed to AWS itself. */
export interface AppSettings {
  /** Folder that the bundles go into. @default - `dist/lambdas` of the project */
  readonly bundles?: string;
  /** Called with the whole app before it is synthesized. */
  readonly adapt?: (app: App) => Promise<void>;
}

/**
 * Loads the config (`-c config=path` names another one; `-c fleet=path` names a fleet instead), bundles the functions it needs and synthesizes the stacks. A
 * config that is refused is explained on standard error, every problem of it, without a stack trace.
 */
export async function runApp({ bundles: folder, adapt }: AppSettings = {}): Promise<ExitCode> {
  // Not by itself at the end of the process: then a refused config would still synthesize an empty app.
  const app = new App({ autoSynth: false });
  try {
    const fleetFile: unknown = app.node.tryGetContext('fleet');
    if (fleetFile === undefined) await addApplication(app, folder);
    else await addFleet(app, String(fleetFile), folder);
    await adapt?.(app);
    app.synth();
    return 0;
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function addApplication(app: App, folder: string | undefined): Promise<void> {
  const config = await loadConfig(app.node.tryGetContext('config'));
  const bundles = traitsOf(config).orchestrated ? await bundleLambdas(config, folder) : BUNDLES;
  buildApp(app, config, bundles);
}

async function addFleet(app: App, file: string, folder: string | undefined): Promise<void> {
  const fleet = await loadFleet(file);
  buildFleet(app, fleet, await bundleFleetLambdas(fleet, folder));
}
