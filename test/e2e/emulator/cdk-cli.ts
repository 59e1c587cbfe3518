import { spawn } from 'node:child_process';
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

/** Runs the real CDK CLI against an emulator. */
export interface CdkCli {
  /** Runs a command; rejects with its last lines where it fails. */
  (args: readonly string[]): Promise<string>;
}

/** A CLI that says what it does on `say`. */
export function createCdkCli(
  { endpoint }: Pick<Emulator, 'endpoint'>,
  { region, output }: { readonly region: string; readonly output: (text: string) => void },
): CdkCli {
  const env = { ...process.env, ...emulatorEnvironment(endpoint, region), PATH: `${BIN}:${process.env['PATH'] ?? ''}` };
  return (args) =>
    new Promise((resolve, reject) => {
      const child = spawn(join(BIN, 'cdk'), args, { cwd: PROJECT, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let text = '';
      const take = (chunk: Buffer): void => {
        text += chunk.toString();
        output(chunk.toString());
      };
      child.stdout.on('data', take);
      child.stderr.on('data', take);
      child.once('error', reject);
      child.once('close', (code) =>
        code === 0
          ? resolve(text)
          : reject(new Error(`cdk ${args.join(' ')} ended with ${code}:\n${text.slice(-3000)}`)),
      );
    });
}
