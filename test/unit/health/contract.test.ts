import { describe, expect, it } from 'vitest';
import { contractMismatches, parseContractHealth } from '../../../core/health/contract.ts';

const DOCUMENT = {
  status: 'passed',
  schema_rev: '42',
  model_tag: 'm7',
  index_hash: 'abc',
  secrets_rev: '3',
  release: 'r9',
  coordination: 'reachable',
  checks: { 'database-writer': { status: 'passed' }, search: { status: 'failed', reason: 'no index' } },
};
const text = (changes: Record<string, unknown> = {}): string => JSON.stringify({ ...DOCUMENT, ...changes });

const counts = (given: Record<string, unknown>): string => text({ checks: { search: { status: 'passed', ...given } } });

describe('the contract health document', () => {
  it('is read whole', () => {
    expect(parseContractHealth(text())).toEqual(DOCUMENT);
  });

  it('needs no more than a status and its checks', () => {
    const least = { status: 'failed', checks: {} };
    expect(parseContractHealth(JSON.stringify(least))).toEqual(least);
  });

  it('may say more than anybody asks', () => {
    const more = text({ uptime: 5, checks: { search: { status: 'unknown', latency: 3 } } });
    expect(parseContractHealth(more)).toMatchObject({
      uptime: 5,
      checks: { search: { status: 'unknown', latency: 3 } },
    });
  });

  it.each([
    { instances: 10, healthyInstances: 0 },
    { instances: 10, healthyInstances: 10 },
    { instances: 0, healthyInstances: 0 },
    { instances: 10 },
  ])('may count the instances of a component: %j', (given) => {
    expect(parseContractHealth(counts(given))?.checks['search']).toEqual({ status: 'passed', ...given });
  });

  it.each([
    { instances: -1, healthyInstances: 0 },
    { instances: '10' },
    { instances: 2.5 },
    { healthyInstances: null },
  ])('is heard in all else where a count is none: %j', (given) => {
    expect(parseContractHealth(counts(given))?.checks['search']?.status).toBe('passed');
  });

  it.each([
    { what: 'nothing', body: '' },
    { what: 'HTML', body: '<html></html>' },
    { what: 'half of it', body: text().slice(0, -1) },
    { what: 'null', body: 'null' },
    { what: 'a list', body: '[]' },
    { what: 'no status', body: text({ status: undefined }) },
    { what: 'a status of its own', body: text({ status: 'ok' }) },
    { what: 'no checks', body: text({ checks: undefined }) },
    { what: 'a list of checks', body: text({ checks: [] }) },
    { what: 'a check that is a text', body: text({ checks: { search: 'passed' } }) },
    { what: 'a check without a status', body: text({ checks: { search: {} } }) },
    { what: 'a check with a status of its own', body: text({ checks: { search: { status: 'ok' } } }) },
    { what: 'a revision that is a number', body: text({ schema_rev: 42 }) },
    { what: 'a coordination that is neither', body: text({ coordination: 'slow' }) },
  ])('is no document with $what, which says nothing about the Region', ({ body }) => {
    expect(parseContractHealth(body)).toBeUndefined();
  });
});

describe('a contract', () => {
  it('is met where every expected revision is reported', () => {
    expect(contractMismatches({ schema_rev: '42', release: 'r9' }, parseContractHealth(text()))).toEqual([]);
    expect(contractMismatches({}, parseContractHealth(text()))).toEqual([]);
    expect(contractMismatches({ schema_rev: undefined }, parseContractHealth(text()))).toEqual([]);
  });

  it('is broken by every revision that differs or is not reported, and all of them are said', () => {
    const body = text({ schema_rev: '41', model_tag: undefined });
    expect(contractMismatches({ schema_rev: '42', model_tag: 'm7', release: 'r9' }, parseContractHealth(body))).toEqual(
      ['schema_rev is "41", expected "42"', 'model_tag is null, expected "m7"'],
    );
  });

  it('is not met by a document that cannot be read', () => {
    expect(contractMismatches({ schema_rev: '42' }, parseContractHealth('<html>'))).toEqual([
      'the contract health document cannot be read',
    ]);
  });
});
