import { parseArgs } from 'node:util';
import { EXIT, type ExitCode, type Io, processIo } from '../cli/io.ts';
import { readJsonFile } from '../cli/read-json-file.ts';
import { type Problem, RefusedInputError, SwitchyardError } from '../core/errors.ts';
import { driftBetween, PUBLISHED_RANGES, parsePublishedRanges } from '../core/routing/checker-ranges.ts';
import committed from '../lib/data/health-checker-ranges.json' with { type: 'json' };

const COMMITTED_FILE = 'lib/data/health-checker-ranges.json';
const USAGE = `Usage: npm run -s check:ranges -- [<file or URL>] (default: ${PUBLISHED_RANGES})`;
/** A few megabytes from a content network; more time than this means that it does not answer. */
const TIMEOUT_MS = 20_000;

/**
 * Compares the checkers' ranges that guardian buckets admit with the published list, given as a file or an address.
 *
 * A range that is missing here keeps its checkers from seeing a switch, so a Region may not be left; one that is no
 * longer the checkers' own may read the switches, which hold nothing secret.
 *
 * @returns 0 where both agree, 4 where they have drifted apart, 2 where the list is refused, 1 where it cannot be had.
 */
export async function checkRanges(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const source = sourceOf(args);
    if (source === undefined) {
      io.out(USAGE);
      return EXIT.done;
    }
    const published = parsePublishedRanges(`the list ${source}`, await read(source));
    return report(driftBetween(committed.ranges, published.ranges), published.createDate, io);
  } catch (error) {
    if (error instanceof RefusedInputError) {
      io.err(error.message);
      return EXIT.inputRefused;
    }
    io.err(`check:ranges failed: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.failed;
  }
}

/** What to read; nothing where help was asked for. */
function sourceOf(args: readonly string[]): string | undefined {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const unknown = tokens.filter((token) => token.kind === 'option' && token.name !== 'help');
  const problems: Problem[] = [
    ...unknown.map((token) => problem('is not a known option', 'rawName' in token ? token.rawName : '')),
    ...positionals.slice(1).map((extra) => problem('is one argument too many', extra)),
    ...(positionals[0] === '' ? [problem('the name of the file is empty', '')] : []),
  ];
  if (problems.length > 0) throw new RefusedInputError('the command', problems);
  return values['help'] === true ? undefined : (positionals[0] ?? PUBLISHED_RANGES);
}

function problem(message: string, value: string): Problem {
  return { path: '', message, value, allowed: 'one file or URL, or --help', remedy: USAGE };
}

async function read(source: string): Promise<unknown> {
  if (!/^https?:\/\//.test(source)) return readJsonFile('the list', source);
  const text = await download(source);
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `what it serves is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new RefusedInputError('the list', [{ path: source, message, remedy: `name ${PUBLISHED_RANGES}` }]);
  }
}

async function download(url: string): Promise<string> {
  const failed = (why: string, cause?: unknown) =>
    new SwitchyardError(`${url} cannot be read (${why}); try again, or name a file that holds it`, {
      code: 'RANGES_NOT_READ',
      source: 'platform',
      retryable: true,
      cause,
    });
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) => {
    throw failed(error instanceof Error ? error.message : String(error), error);
  });
  if (!response.ok) throw failed(`HTTP status ${response.status}`);
  return response.text();
}

function report({ added, removed }: ReturnType<typeof driftBetween>, createDate: string, io: Io): ExitCode {
  const sides = `${COMMITTED_FILE} of ${committed.createDate}, published ${createDate}`;
  if (added.length + removed.length === 0) {
    io.out(`no drift: ${committed.ranges.length} ranges (${sides})`);
    return EXIT.done;
  }
  for (const { prefix, region } of added) io.out(`+ ${prefix} ${region}: its checkers cannot see the switches`);
  for (const { prefix, region } of removed) io.out(`- ${prefix} ${region}: no longer the checkers' own`);
  io.out(`drift: ${added.length} added, ${removed.length} removed (${sides})`);
  io.out(`bring ${COMMITTED_FILE} up to date, syncToken and createDate too, and deploy every guardian's stack`);
  return EXIT.drift;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await checkRanges(process.argv.slice(2), processIo());
