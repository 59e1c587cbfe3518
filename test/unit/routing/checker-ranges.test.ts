import { describe, expect, it } from 'vitest';
import { driftBetween, parsePublishedRanges } from '../../../core/routing/checker-ranges.ts';
import { parseCidr } from '../../../core/routing/ip-address.ts';
import committed from '../../../lib/data/health-checker-ranges.json' with { type: 'json' };

const SERVICE = 'ROUTE53_HEALTHCHECKS';
const TOKYO = { ip_prefix: '54.248.220.0/26', region: 'ap-northeast-1', service: SERVICE };

function published(prefixes: readonly unknown[]): unknown {
  return { syncToken: '1', createDate: '2026-08-22-15-17-05', prefixes };
}

function problemsOf(input: unknown): unknown {
  try {
    return parsePublishedRanges('the list', input);
  } catch (error) {
    return (error as { problems: unknown }).problems;
  }
}

describe('the published ranges', () => {
  it('are those of the health checkers in the standard partition', () => {
    const { ranges, createDate } = parsePublishedRanges(
      'the list',
      published([
        { ip_prefix: '3.5.140.0/22', region: 'ap-northeast-2', service: 'S3' },
        TOKYO,
        ...['cn-north-1', 'us-gov-west-1', 'eusc-de-east-1', 'us-iso-east-1'].map((region) => ({ ...TOKYO, region })),
      ]),
    );
    expect(ranges).toEqual([{ prefix: '54.248.220.0/26', region: 'ap-northeast-1' }]);
    expect(createDate).toBe('2026-08-22-15-17-05');
  });

  it.each([
    { what: 'no object', input: [], paths: [''] },
    { what: 'nothing of it', input: {}, paths: ['syncToken', 'createDate', 'prefixes'] },
    { what: 'no prefixes', input: published([]), paths: ['prefixes'] },
    { what: 'prefixes of other services alone', input: published([{ ...TOKYO, service: 'S3' }]), paths: ['prefixes'] },
    {
      what: 'entries without their fields',
      input: published([{ ip_prefix: 1 }, TOKYO]),
      paths: ['prefixes[0].ip_prefix', 'prefixes[0].region', 'prefixes[0].service'],
    },
    {
      what: 'blocks that are none',
      input: published(['x', '54.0.0.0', '54.0.0.0/33', '2001:db8::/32', '54.0.0.0/8/8'].map(of)),
      paths: [0, 1, 2, 3, 4].map((index) => `prefixes[${index}].ip_prefix`),
    },
  ])('are refused with every problem where there are $what', ({ input, paths }) => {
    expect(problemsOf(input)).toMatchObject(paths.map((path) => ({ path })));
  });

  it('may have a broken entry of another service', () => {
    expect(problemsOf(published([{ ...TOKYO, ip_prefix: 'x', service: 'S3' }, TOKYO]))).toHaveProperty('ranges');
  });
});

describe('the drift between two lists', () => {
  const a = { prefix: '192.0.2.0/26', region: 'us-east-1' };
  const b = { prefix: '198.51.100.0/26', region: 'us-west-2' };

  it.each([
    { what: 'the same list', earlier: [a, b], later: [b, a], drift: { added: [], removed: [] } },
    { what: 'one that came', earlier: [a], later: [a, b], drift: { added: [b], removed: [] } },
    { what: 'one that went', earlier: [a, b], later: [a], drift: { added: [], removed: [b] } },
    { what: 'one that grew', earlier: [a], later: [{ ...a, prefix: '192.0.2.0/25' }], drift: { removed: [a] } },
    { what: 'a new name of its Region', earlier: [a], later: [{ ...a, region: 'GLOBAL' }], drift: { added: [] } },
    {
      what: 'another spelling of a block',
      earlier: [a],
      later: [{ ...a, prefix: '192.0.2.1/26' }],
      drift: { added: [], removed: [] },
    },
  ])('is told for $what', ({ earlier, later, drift }) => {
    expect(driftBetween(earlier, later)).toMatchObject(drift);
  });
});

describe('the committed ranges', () => {
  it('say where they are from, and of when', () => {
    expect(committed.source).toBe('https://ip-ranges.amazonaws.com/ip-ranges.json');
    expect(committed.syncToken).toMatch(/^\d{10}$/);
    expect(committed.createDate).toMatch(/^\d{4}(-\d\d){5}$/);
  });

  it('are blocks that are named once', () => {
    expect(committed.ranges.filter(({ prefix }) => parseCidr(prefix) === undefined)).toEqual([]);
    expect(new Set(committed.ranges.map(({ prefix }) => prefix)).size).toBe(committed.ranges.length);
  });

  // A policy that is limited to CIDRs is not public to Amazon S3; one that is hardly limited would be so in fact.
  it('limit who may read', () => {
    for (const { prefix } of committed.ranges) expect(parseCidr(prefix)?.prefixLength).toBeGreaterThanOrEqual(16);
  });
});

function of(ip_prefix: string): unknown {
  return { ...TOKYO, ip_prefix };
}
