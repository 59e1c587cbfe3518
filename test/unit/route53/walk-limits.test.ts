import { describe, expect, it } from 'vitest';
import { type ParsedFixture, parseFixture } from '../../../twin/route53/fixture/parse-fixture.ts';
import { MAX_CHAIN, MAX_WAYS } from '../../../twin/route53/fixture/walk-limits.ts';

const ZONE = { Id: 'Z1', Name: 'example.com' };
const end = (name: string) => ({ Name: name, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] });
const alias = (name: string, target: string, rest: object = {}) => ({
  ...{ Name: name, Type: 'A', ...rest },
  AliasTarget: { HostedZoneId: 'Z1', DNSName: target, EvaluateTargetHealth: true },
});
const cname = (name: string, target: string) => ({
  ...{ Name: name, Type: 'CNAME', TTL: 60 },
  ResourceRecords: [{ Value: target }],
});

function read(recordSets: readonly object[]): ParsedFixture {
  return parseFixture({ HostedZone: ZONE, ResourceRecordSets: recordSets });
}

function chain(length: number, link: (name: string, target: string) => object): readonly object[] {
  const links = Array.from({ length }, (_, index) => link(`a${index}.example.com`, `a${index + 1}.example.com`));
  return [...links, end(`a${length}.example.com`)];
}

/** Two ways at every level. */
function diamond(levels: number): readonly object[] {
  const both = (name: string, target: string) =>
    ['x', 'y'].map((SetIdentifier) => alias(name, target, { SetIdentifier, Weight: 1 }));
  return Array.from({ length: levels }, (_, level) => both(`a${level}.example.com`, `a${level + 1}.example.com`))
    .flat()
    .concat(end(`a${levels}.example.com`) as never);
}

describe('a fixture', () => {
  it.each([
    { of: 'aliases', link: alias },
    { of: 'CNAMEs', link: cname },
  ])('may chain as many $of as are walked, and no more', ({ link }) => {
    expect(read(chain(MAX_CHAIN, link)).fixture).toBeDefined();
    expect(read(chain(MAX_CHAIN + 1, link)).problems).toMatchObject([
      {
        path: 'ResourceRecordSets',
        value: MAX_CHAIN + 1,
        allowed: `at most ${MAX_CHAIN}`,
        remedy: 'shorten the chain',
      },
    ]);
  });

  it('is refused, not run out of memory or stack on, where a chain is far longer', () => {
    expect(read(chain(6_000, alias)).problems).toHaveLength(1);
  });

  it('may have as many ways to an answer as are told, and no more', () => {
    const levels = Math.floor(Math.log2(MAX_WAYS));
    expect(read(diamond(levels)).fixture).toBeDefined();
    expect(read(diamond(levels + 1)).problems).toMatchObject([
      { path: 'ResourceRecordSets', value: 2 ** (levels + 1), allowed: `at most ${MAX_WAYS}` },
    ]);
  });

  it('may fail over on as many levels as it likes: one way is taken on each', () => {
    const level = (name: string, target: string) =>
      ['PRIMARY', 'SECONDARY'].map((Failover) => alias(name, target, { SetIdentifier: Failover, Failover }));
    const levels = Array.from({ length: 30 }, (_, n) => level(`a${n}.example.com`, `a${n + 1}.example.com`)).flat();
    expect(read([...levels, end('a30.example.com')]).fixture).toBeDefined();
  });

  it('may have a CNAME that leads to the wildcard covering it', () => {
    expect(read([cname('*.example.com', 'b.example.com')]).fixture).toBeDefined();
  });
});
