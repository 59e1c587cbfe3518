import { describe, expect, it } from 'vitest';
import { checksOf } from '../../../core/config/accessors.ts';
import type { Check } from '../../../core/config/checks.ts';
import type { HttpAnswer, TrafficReading } from '../../../core/ports.ts';
import { probe } from '../../../lambdas/observe-regions/probe.ts';
import storefront from '../../../switchyard.config.ts';
import { testConfig } from '../../_helpers/config.ts';
import { fakeProbePorts } from '../../_helpers/steps/fake-probe-ports.ts';
import { manualClock } from '../../_helpers/steps/step-world.ts';

const [subject] = storefront.regions;

function checkOf(name: string): Check {
  const found = checksOf(storefront).find((named) => named.name === name);
  if (found === undefined) throw new Error(`there is no check ${name}`);
  return found.check;
}

/** What a check says, given the answer of the front door and the traffic. */
async function said(
  name: string,
  {
    answer,
    reading,
    config = storefront,
  }: { answer?: HttpAnswer; reading?: TrafficReading; config?: typeof storefront },
) {
  if (subject === undefined) throw new Error('the config has no Region');
  const get = async (): Promise<HttpAnswer> => answer ?? { answered: false, reason: 'timed out' };
  return probe(checkOf(name), {
    config,
    subject,
    name,
    ports: { clock: manualClock(), http: { get }, ...fakeProbePorts() },
    document: get,
    traffic: async () => reading,
  });
}

const ok = (body: unknown, status = 200): HttpAnswer => ({ answered: true, status, body: JSON.stringify(body) });
const { expected } = storefront.contract;
const parts = (status: string) =>
  ok({ status: 'passed', ...expected, checks: { 'cache-cluster': { status, reason: 'full' } } });

describe('a probe of a front door', () => {
  it.each([
    { status: 199, result: 'failed' },
    { status: 200, result: 'passed' },
    { status: 399, result: 'passed' },
    { status: 400, result: 'failed' },
    { status: 503, result: 'failed' },
  ])('takes status $status for $result', async ({ status, result }) => {
    expect(await said('region-connectivity', { answer: ok('', status) })).toMatchObject({ result });
  });

  it('takes no answer for failed', async () => {
    expect(await said('region-connectivity', {})).toEqual({ result: 'failed', reason: 'timed out' });
  });
});

describe('a probe of a component', () => {
  it.each([
    { what: 'that passes', answer: parts('passed'), expected: { result: 'passed', reason: '' } },
    { what: 'that fails', answer: parts('failed'), expected: { result: 'failed', reason: 'full' } },
    { what: 'that does not know', answer: parts('unknown'), expected: { result: 'error' } },
    {
      what: 'that is not in the document',
      answer: ok({ status: 'passed', ...expected, checks: {} }),
      expected: { result: 'error' },
    },
    { what: 'behind a page of the proxy', answer: ok('<html>', 502), expected: { result: 'error' } },
    { what: 'behind a silent front door', answer: undefined, expected: { result: 'failed', reason: 'timed out' } },
  ])('$what', async ({ answer, expected }) => {
    expect(await said('cache-cluster', answer === undefined ? {} : { answer })).toMatchObject(expected);
  });

  it('fails on a revision that the config does not expect', async () => {
    const config = testConfig({ contract: { expected: { release: '2' } } });
    expect(await said('cache-cluster', { answer: parts('passed'), config })).toEqual({
      result: 'failed',
      reason: 'contract mismatch: release is null, expected "2"',
      mismatch: true,
    });
  });
});

describe('a probe of a metric', () => {
  it.each([
    { reading: { errorRate: 0.1 }, expected: { result: 'passed', value: 0.1 } },
    { reading: { errorRate: 0.11 }, expected: { result: 'failed', value: 0.11 } },
    { reading: {}, expected: { result: 'error', reason: 'error-rate is not measured' } },
    { reading: undefined, expected: { result: 'error', reason: 'the metrics of ap-southeast-1 do not answer' } },
  ])('makes $expected.result of $reading', async ({ reading, expected }) => {
    expect(await said('error-rate', reading === undefined ? {} : { reading })).toMatchObject(expected);
  });
});
