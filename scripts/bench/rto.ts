import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import storefront from '../../switchyard.config.ts';
import { describeMachine, machineLine } from './machine.ts';
import { fleetIn, measureAll, outagesIn } from './rto/campaign.ts';
import { summarize } from './rto/figures.ts';
import { boundsOf } from './rto/floor.ts';
import { PUBLISHED } from './rto/published.ts';
import { type RtoDocument, renderRto } from './rto/render.ts';
import { missedGoals } from './statistics.ts';

/** What is promised of clients that honour the TTL, seconds: goals of the product, of the 99th percentile. */
const MOST_RTO_SECONDS = 120;
const MOST_FIRST_ANSWER_SECONDS = 55;
/** Applications of a fleet that is left by one switch. */
const FLEET = 1_000;
/** How much longer the switch of a fleet may take than that of one application: chance alone, no work, seconds. */
const MOST_FLEET_DELAY_SECONDS = 5;
const PROGRESS_EVERY = 10;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const count = wholeNumber('seeds', values.seeds, 1);
const first = wholeNumber('seed', values.seed, 0);
const machine = describeMachine();
const began = performance.now();
const fleets = [FLEET, 1].map((applications) => ({ kind: 'fleet', applications, seed: first }) as const);
const outages = Array.from({ length: count }, (_, index) => ({ kind: 'outage', seed: first + index }) as const);
const measured = await measureAll({
  jobs: [...fleets, ...outages],
  threads: availableParallelism(),
  onProgress: (done) => {
    if (done % PROGRESS_EVERY === 0) process.stderr.write(`${done} of ${count + fleets.length} measured\n`);
  },
});
const document: RtoDocument = {
  ...summarize(outagesIn(measured)),
  ...boundsOf(storefront),
  published: PUBLISHED,
  fleet: { one: fleetIn(measured, 1), thousand: fleetIn(measured, FLEET) },
};
const seconds = Math.round((performance.now() - began) / 1000);
process.stdout.write(`${values.json ? JSON.stringify(document, null, 2) : renderRto(document)}\n`);
process.stderr.write(`${seconds} s; ${machineLine(machine)}\n`);
const missed = missedGoals(goalsOf(document));
for (const line of missed) process.stderr.write(`${line}\n`);
process.exitCode = missed.length === 0 ? 0 : 1;

function goalsOf({
  ours,
  plainRoute53,
  lostSeeds,
  fleet: { one, thousand },
}: RtoDocument): Parameters<typeof missedGoals>[0] {
  const never = Number.POSITIVE_INFINITY;
  const rto = ours.clientRtoSeconds.p99 ?? never;
  return [
    { what: 'the client RTO (p99)', value: rto, most: MOST_RTO_SECONDS, unit: 's' },
    {
      what: 'the first changed answer (p99)',
      value: ours.firstChangedAnswerSeconds.p99 ?? never,
      most: MOST_FIRST_ANSWER_SECONDS,
      unit: 's',
    },
    {
      what: 'the client RTO (p99), beside plain Route 53,',
      value: rto,
      most: plainRoute53.clientRtoSeconds.p99 ?? 0,
      unit: 's',
    },
    { what: 'the number of seeds lost', value: lostSeeds.length, most: 0, unit: '' },
    { what: 'the number of switch calls of a fleet', value: thousand.switchCalls, most: one.switchCalls, unit: '' },
    {
      what: 'the switch time of a fleet',
      value: thousand.switchSeconds,
      most: one.switchSeconds + MOST_FLEET_DELAY_SECONDS,
      unit: 's',
    },
  ];
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
  process.stderr.write(`--${name} is ${JSON.stringify(text)}; give a whole number from ${least}\n`);
  process.exit(2);
}
