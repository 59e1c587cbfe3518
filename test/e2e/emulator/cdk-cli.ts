import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Emulator } from './ministack.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const BIN = join(PROJECT, 'node_modules/.bin');

/** The account that the emulator keeps everything in; it takes the access key for it. */
export const ACCOUNT = '123456789012';

/** The environment in which SDKs and the CDK CLI talk to the emulator and to nothing else. */
export function emulatorEnvironment(endpoint: string, region: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

/** As much of the CLI's output as a failure quotes. */
const LAST_CHARACTERS = 3_000;

/** Runs the real CDK CLI against an emulator. */
export interface CdkCli {
  /** Runs a command; rejects with its last lines where it fails. */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<string>;
  /** Ends what is still running. */
  stop(): void;
}

/** A CLI that says what it does on `say`. */
export function createCdkCli(
  { endpoint }: Pick<Emulator, 'endpoint'>,
  { region, output }: { readonly region: string; readonly output: (text: string) => void },
): CdkCli {
  const env = { ...process.env, ...emulatorEnvironment(endpoint, region), PATH: `${BIN}:${process.env['PATH'] ?? ''}` };
  const running = new Set<ChildProcess>();
  const run: CdkCli['run'] = (args, environment = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(join(BIN, 'cdk'), args, {
        cwd: PROJECT,
        env: { ...env, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.add(child);
      let text = '';
      const take = (chunk: Buffer): void => {
        text += chunk.toString();
        output(chunk.toString());
      };
      child.stdout.on('data', take);
      child.stderr.on('data', take);
      child.once('error', reject);
      child.once('close', (code) => {
        running.delete(child);
        if (code === 0) resolve(text);
        else reject(new Error(`cdk ${args.join(' ')} ended with ${code}:\n${text.slice(-LAST_CHARACTERS)}`));
      });
    });
  return {
    run,
    stop: () => {
      for (const child of running) child.kill();
    },
  };
}
