import { describe, expect, it } from 'vitest';
import { parseContractHealth } from '../../../core/health/contract.ts';
import storefront from '../../../switchyard.config.ts';
import { createApplications, type RegionalApplication } from '../../../twin/world/application.ts';
import { ORDINARY_P95_MS } from '../../../twin/world/latencies.ts';
import { falsifiedPeriod } from '../../../twin/world/metric-lies.ts';

const REGION = 'ap-southeast-1';

/** The health document of a Region's application, after something has happened to it. */
async function documentAfter(happens: (application: RegionalApplication) => void) {
  const application = createApplications(storefront, () => 0).get(REGION);
  if (application === undefined) throw new Error(`there is no application in ${REGION}`);
  happens(application);
  const { status, body } = await application.answer(storefront.contract.path);
  return { status, health: parseContractHealth(body) };
}

describe('the health document of a Region in the twin', () => {
  it('says that all is well on an ordinary day, with the revisions that are expected', async () => {
    const { health } = await documentAfter(() => undefined);
    expect(health).toMatchObject({ status: 'passed', ...storefront.contract.expected });
    expect(health).not.toHaveProperty('coordination');
  });

  it.each<{ what: string; happens: (application: RegionalApplication) => void; says: object }>([
    {
      what: 'a component that is down',
      happens: ({ setComponent }) => setComponent('cache-cluster', false),
      says: { status: 'failed', checks: { 'cache-cluster': { status: 'failed' } } },
    },
    {
      what: 'instances that are down',
      happens: ({ setInstances }) => setInstances('order-service', { down: 7, of: 10 }),
      says: { status: 'passed', checks: { 'order-service': { status: 'passed', instances: 10, healthyInstances: 3 } } },
    },
    {
      what: 'another revision',
      happens: ({ setRevision }) => setRevision('index_hash', 'another'),
      says: { index_hash: 'another' },
    },
    {
      what: 'that the table is out of reach',
      happens: ({ tellCoordination }) => tellCoordination(() => 'unreachable'),
      says: { coordination: 'unreachable' },
    },
  ])('tells of $what', async ({ happens, says }) => {
    expect((await documentAfter(happens)).health).toMatchObject(says);
  });

  it.each(['unparsable', 'wrong'] as const)('may be %s, under a status that says nothing of it', async (lie) => {
    const { status, health } = await documentAfter(({ setDocumentLie }) => setDocumentLie(lie));
    expect({ status, health }).toEqual({ status: 200, health: undefined });
  });
});

describe('the application of a Region', () => {
  it('is so many times slower as its 95th percentile is further out', () => {
    const application = createApplications(storefront).get(REGION);
    application?.setP95(2 * ORDINARY_P95_MS);
    expect(application?.slowness).toBe(2);
    application?.setP95(undefined);
    expect(application?.slowness).toBe(1);
  });
});

describe('a period of published metrics', () => {
  const latencies = { milliseconds: [70, 120], counts: [8, 2] };
  const period = { atMs: 7_200_000, reading: { requests: 10, errors: 1, connections: 5, retries: 0, latencies } };

  it('is as it was counted where nobody lies', () => {
    expect(falsifiedPeriod(period, undefined)).toBe(period);
  });

  it('has more errors than requests, and latencies below zero, where it is wrong', () => {
    const { reading } = falsifiedPeriod(period, 'wrong');
    expect(reading.errors).toBeGreaterThan(reading.requests);
    expect(Math.max(...reading.latencies.milliseconds)).toBeLessThan(0);
  });

  it('is told an hour late, and otherwise true, where it is old', () => {
    expect(falsifiedPeriod(period, 'old')).toEqual({ ...period, atMs: 3_600_000 });
  });
});
