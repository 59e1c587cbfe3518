import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { roundAt, roundStart } from '../../core/health/rounds.ts';
import type { FunctionName } from '../../lib/functions.ts';
import { inputOf, type OperationUnderWay } from './functions-input.ts';
import type { LocalAws } from './local-aws.ts';

/** One cold start: milliseconds from the start of the process until the bundle is loaded, and until its first result. */
export interface ColdStart {
  readonly importedMs: number;
  readonly returnedMs: number;
  /** Of the processors until then; not known of an observer. */
  readonly cpuMs?: number;
  /** `returned`, the name of the error that the call ended with, or `claimed` for an observer's first round. */
  readonly outcome: string;
  /** Calls of AWS until then, in order. */
  readonly calls: readonly string[];
}

/** What a cold start is measured on. */
export interface Surroundings {
  readonly config: ResolvedConfig;
  readonly underWay: OperationUnderWay;
  readonly aws: LocalAws;
}

const CHILD = fileURLToPath(new URL('./first-call.mjs', import.meta.url));
const LONGEST_MS = 60_000;

/**
 * Starts a fresh process that loads a bundle and calls its handler once. An observer's call covers three minutes, so its
 * clock stands at the beginning of a round and the claim of that round counts as its first result.
 *
 * @throws {Error} where the process ends without a result.
 */
export function coldStart(
  name: FunctionName,
  bundle: string,
  { config, underWay, aws }: Surroundings,
): Promise<ColdStart> {
  const region = config.regions.at(-1)?.id ?? '';
  const call = { bundle: pathToFileURL(bundle).href, event: inputOf(name, underWay, aws.url) };
  const observes = name === 'observe-regions';
  const argument = observes ? { ...call, frozenEpochMs: roundStart(config, region, roundAt(Date.now())) } : call;
  const child = spawn(process.execPath, [CHILD, JSON.stringify(argument)], { env: environment(region, aws.url) });
  return firstResult(child, { name, aws, observes });
}

function firstResult(
  child: ChildProcess,
  { name, aws, observes }: { name: FunctionName; aws: LocalAws; observes: boolean },
): Promise<ColdStart> {
  return new Promise((resolve, reject) => {
    const calls: string[] = [];
    let told = '';
    let complaint = '';
    let claimedAtEpochMs: number | undefined;
    const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    const look = (): void => {
      const [loaded, over] = told
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      if (loaded === undefined) return;
      const { startedAtEpochMs, importedMs } = loaded;
      if (over !== undefined) resolve({ importedMs, ...over, calls });
      else if (observes && claimedAtEpochMs !== undefined) {
        resolve({ importedMs, returnedMs: claimedAtEpochMs - startedAtEpochMs, outcome: 'claimed', calls });
        child.kill('SIGKILL');
      }
    };
    aws.onCall = ({ operation, atEpochMs }) => {
      calls.push(operation);
      if (operation === 'UpdateItem') claimedAtEpochMs ??= atEpochMs;
      look();
    };
    child.stdout?.on('data', (chunk: Buffer) => {
      told += chunk.toString('utf8');
      if (told.endsWith('\n')) look();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint += chunk.toString('utf8');
    });
    child.on('close', () => {
      clearTimeout(late);
      reject(new Error(`${name} ended without a result: ${complaint}`));
    });
  });
}

/** The environment that Lambda gives a function, and AWS at an address of this machine. */
function environment(region: string, url: string): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    SWITCHYARD_ACCOUNT: '111122223333',
    SWITCHYARD_PARTITION: 'aws',
  };
}
