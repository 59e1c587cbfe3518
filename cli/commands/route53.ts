import type { Command } from 'commander';
import { type Problem, RefusedInputError } from '../../core/errors.ts';
import { UNKNOWN_CLIENT } from '../../twin/route53/answering/dns-client.ts';
import { type DnsServer, LOOPBACK, startDnsServer } from '../../twin/route53/dns/dns-server.ts';
import type { DnsSource } from '../../twin/route53/dns/respond.ts';
import { reportAnswer } from '../../twin/route53/fixture/answer-report.ts';
import { createFixtureSource } from '../../twin/route53/fixture/fixture-source.ts';
import { type Fixture, parseFixture } from '../../twin/route53/fixture/parse-fixture.ts';
import { createSeededRandom } from '../../twin/route53/seeded-random.ts';
import { EXIT, type ExitCode, type Io } from '../io.ts';
import { readJsonFile } from '../read-json-file.ts';
import { createRefusals } from '../refusals.ts';
import type { Register } from '../register.ts';
import { renderJson } from '../render/json.ts';
import {
  type AnswerOptions,
  createOptionReader,
  DEFAULT_SEED,
  MAX_QUERIES,
  MAX_SEED,
  questionOf,
} from './route53-options.ts';

const MAX_PORT = 65_535;
/** A day: a server that is forgotten ends some time. */
const MAX_SERVE_SECONDS = 86_400;
const MS_PER_SECOND = 1_000;

/** Adds `route53 answer` and `route53 serve`: what Route 53 would answer, as JSON and over DNS. */
export const registerRoute53: Register = (program, io, run) => {
  const route53 = program.command('route53').description('Ask a local, faithful model of Route 53.');
  describeAnswer(route53).action(async (file: string, options: AnswerOptions) => {
    await run(() => answer(file, options, io));
  });
  describeServe(route53).action(async (file: string, options: ServeOptions) => {
    await run(() => serve(file, options, io));
  });
};

function describeAnswer(route53: Command): Command {
  return route53
    .command('answer')
    .description('Print what Route 53 would answer to one question, with the exact probability of each answer.')
    .argument('<fixture.json>', 'record sets, health checks and their health; see docs/route53-answer.md')
    .option('--name <name>', "the name asked for (default: the first record set's)")
    .option('--type <type>', "the record type asked for (default: that of the name's first record set)")
    .option('--client-subnet <cidr>', "who asks, looked up in the fixture's Clients")
    .option('--queries <n>', 'sample so many queries instead of stating exact shares')
    .option('--seed <n>', `seed of the sampling (default: ${DEFAULT_SEED})`);
}

function describeServe(route53: Command): Command {
  return route53
    .command('serve')
    .description('Serve the answers over DNS, UDP and TCP, on 127.0.0.1 until interrupted.')
    .argument('<fixture.json>', 'as for answer')
    .option('--port <n>', 'port to listen on (default: any free one)')
    .option('--seed <n>', `seed of the answers' chance (default: ${DEFAULT_SEED})`)
    .option('--seconds <n>', 'stop after so many seconds');
}

async function answer(file: string, options: AnswerOptions, io: Io): Promise<ExitCode> {
  const reader = createOptionReader();
  const name = reader.name(options.name);
  const type = reader.type(options.type);
  const subnet = reader.subnet(options.clientSubnet);
  const queries = reader.integer('--queries', options.queries, { least: 1, most: MAX_QUERIES });
  const seed = reader.integer('--seed', options.seed, { least: 0, most: MAX_SEED }) ?? DEFAULT_SEED;
  const fixture = await loadFixture(file, reader.problems);
  const { question, problem } = questionOf(fixture, { name, type });
  if (question === undefined) throw new RefusedInputError('the question', [problem]);
  const known = subnet && fixture.clientIn(subnet);
  const report = reportAnswer(fixture, {
    question,
    client: known?.client ?? UNKNOWN_CLIENT,
    clientText: `${options.clientSubnet ?? 'not given'}${known === undefined ? ', so its place and latencies are unknown' : ''}`,
    ...(queries === undefined ? {} : { sampling: { queries, seed, random: createSeededRandom(seed) } }),
  });
  io.out(renderJson(report));
  return EXIT.done;
}

interface ServeOptions {
  readonly port?: string;
  readonly seed?: string;
  readonly seconds?: string;
}

async function serve(file: string, options: ServeOptions, io: Io): Promise<ExitCode> {
  const reader = createOptionReader();
  const port = reader.integer('--port', options.port, { least: 0, most: MAX_PORT }) ?? 0;
  const seed = reader.integer('--seed', options.seed, { least: 0, most: MAX_SEED }) ?? DEFAULT_SEED;
  const seconds = reader.integer('--seconds', options.seconds, { least: 1, most: MAX_SERVE_SECONDS });
  const fixture = await loadFixture(file, reader.problems);
  const server = await listen(createFixtureSource(fixture, createSeededRandom(seed)), port);
  io.out(`${LOOPBACK}:${server.port}`);
  const { question } = questionOf(fixture, { name: undefined, type: undefined });
  if (question !== undefined) io.err(`try: dig @${LOOPBACK} -p ${server.port} ${question.name} ${question.type}`);
  await interruption(seconds);
  await server.close();
  return EXIT.done;
}

/** The fixture, unless anything is wrong with it or with the options; then all of that is said together. */
async function loadFixture(file: string, optionProblems: readonly Problem[]): Promise<Fixture> {
  const refusals = createRefusals();
  const fixture = await refusals.attempt(() => readFixture(file));
  await refusals.attempt(() => {
    if (optionProblems.length > 0) throw new RefusedInputError('the command line', optionProblems);
  });
  refusals.throwIfAny();
  if (fixture === undefined) throw new Error('nothing was refused');
  return fixture;
}

function readFixture(file: string): Fixture {
  const subject = `the fixture ${file}`;
  const { fixture, problems } = parseFixture(readJsonFile('the fixture', file));
  if (fixture === undefined) throw new RefusedInputError(subject, problems);
  return fixture;
}

async function listen(source: DnsSource, port: number): Promise<DnsServer> {
  try {
    return await startDnsServer(source, port);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const message = `the port cannot be listened on (${code})`;
    throw new RefusedInputError('the command line', [
      { path: '--port', message, value: port, remedy: 'choose another, or 0 for any' },
    ]);
  }
}

/** Resolves on SIGINT or SIGTERM, or when the seconds are over. */
async function interruption(seconds: number | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = (): void => resolve();
  const timer = seconds === undefined ? undefined : setTimeout(stop, seconds * MS_PER_SECOND);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  await promise;
  clearTimeout(timer);
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
}
