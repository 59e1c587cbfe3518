import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalName, parseName } from '../../core/routing/dns-name.ts';
import type { HealthCheck, HealthCheckConfig } from '../../core/routing/health-check.ts';
import { RECORD_TYPES, type ResourceRecordSet } from '../../core/routing/record-set.ts';
import { validateHealthChecks } from '../../core/routing/validate-health-checks.ts';
import { validateRecordSets } from '../../core/routing/validate-record-sets.ts';
import { withApexRecords } from '../../twin/route53/answering/default-apex-records.ts';
import type { Distribution } from '../../twin/route53/answering/distribution.ts';
import type { DnsClient } from '../../twin/route53/answering/dns-client.ts';
import { createSampler } from '../../twin/route53/answering/sample.ts';
import { parseFixture } from '../../twin/route53/fixture/parse-fixture.ts';
import { createSeededRandom } from '../../twin/route53/seeded-random.ts';
import { applyChangeBatch, recordSetKey } from '../../twin/route53/writes/change-batch.ts';
import { a, alias, distributionOf, sharesOf, ZONE } from '../_helpers/route53-zone.ts';

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-1', 'ap-northeast-1'];
const LOCATIONS = [{ CountryCode: '*' }, { ContinentCode: 'EU' }, { ContinentCode: 'AS' }, { CountryCode: 'FR' }];
const IDS = ['0', '1', '2', '3'];

type PolicyFields = readonly Partial<ResourceRecordSet>[];

/** The fields of a weighted group's members. */
const weights: fc.Arbitrary<PolicyFields> = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 })
  .map((all) => all.map((Weight) => ({ Weight })));

/** Those of any policy's. */
const policy: fc.Arbitrary<PolicyFields> = fc.oneof(
  weights,
  fc.integer({ min: 1, max: 4 }).map((count) => REGIONS.slice(0, count).map((Region) => ({ Region }))),
  fc
    .constantFrom(['PRIMARY'], ['PRIMARY', 'SECONDARY'])
    .map((roles) => roles.map((role) => ({ Failover: role as 'PRIMARY' }))),
  fc.integer({ min: 1, max: 4 }).map((count) => LOCATIONS.slice(0, count).map((GeoLocation) => ({ GeoLocation }))),
);

/** Whether a member has a health check, and whether it is an alias (to be pointed at a group below) or has a value. */
const member = fc.record({ checked: fc.boolean(), isAlias: fc.boolean(), evaluates: fc.boolean() });
const levelOf = (fields: fc.Arbitrary<PolicyFields>) =>
  fc.record({ fields, members: fc.array(member, { minLength: 4, maxLength: 4 }) });

/** A tree of groups: members of one level may be aliases to the next, whose last is a group of values. */
const zoneOf = (fields: fc.Arbitrary<PolicyFields>) =>
  fc.array(levelOf(fields), { minLength: 1, maxLength: 3 }).map((levels) =>
    levels.flatMap(({ fields, members }, depth): ResourceRecordSet[] => {
      const name = depth === 0 ? 'api.example.com' : `l${depth}.example.com`;
      return fields.map((field, index) => {
        const { checked = false, isAlias = false, evaluates = false } = members[index] ?? {};
        const id = `${depth}${IDS[index]}`;
        const extra = { ...field, Name: name, SetIdentifier: id, ...(checked ? { HealthCheckId: id } : {}) };
        const goesDown = isAlias && depth < levels.length - 1;
        return goesDown
          ? alias(`l${depth + 1}.example.com`, extra, evaluates)
          : a(`192.0.2.${depth * 10 + index}`, extra);
      });
    }),
  );

const zone = zoneOf(policy);

const unhealthy = fc.uniqueArray(
  fc.constantFrom(...['0', '1', '2'].flatMap((depth) => IDS.map((id) => `${depth}${id}`))),
);
const client: fc.Arbitrary<DnsClient> = fc.record(
  {
    country: fc.constantFrom('FR', 'DE', 'SG', 'US'),
    latencyMs: fc.dictionary(fc.constantFrom(...REGIONS), fc.integer({ min: 1, max: 300 })),
  },
  { requiredKeys: [] },
);

const probabilityOf = ({ outcomes }: Distribution) => outcomes.reduce((sum, { probability }) => sum + probability, 0);

/** Statements about samples hold with high probability only, so these runs are always the same ones. */
const SAMPLED = { numRuns: 100, seed: 53 };

describe('answers', () => {
  it('have probabilities that sum to 1, none of them 0', () => {
    fc.assert(
      fc.property(zone, unhealthy, client, (recordSets, down, asks) => {
        const distribution = distributionOf(recordSets, { unhealthy: down, client: asks });
        expect(probabilityOf(distribution)).toBeCloseTo(1, 12);
        expect(distribution.outcomes.every(({ probability }) => probability > 0)).toBe(true);
      }),
    );
  });

  it('do not depend on the order of the record sets', () => {
    const shuffled = zone.chain((recordSets) =>
      fc.tuple(fc.constant(recordSets), fc.shuffledSubarray(recordSets, { minLength: recordSets.length })),
    );
    fc.assert(
      fc.property(shuffled, unhealthy, client, ([recordSets, reordered], down, asks) => {
        const setting = { unhealthy: down, client: asks };
        const [one, other] = [sharesOf(recordSets, setting), sharesOf(reordered, setting)];
        expect(Object.keys(other).sort()).toEqual(Object.keys(one).sort());
        for (const [value, share] of Object.entries(one)) expect(other[value]).toBeCloseTo(share, 12);
      }),
    );
  });

  it('are sampled as often as they are probable', () => {
    fc.assert(
      fc.property(zone, unhealthy, client, fc.integer(), (recordSets, down, asks, seed) => {
        const setting = { unhealthy: down, client: asks };
        const sampler = createSampler(distributionOf(recordSets, setting));
        const random = createSeededRandom(seed);
        const draws = 4_000;
        const counts: Record<string, number> = {};
        for (let draw = 0; draw < draws; draw += 1) {
          for (const { value } of sampler.draw(random).values) counts[value] = (counts[value] ?? 0) + 1;
        }
        // Five standard deviations of a share from that many draws.
        for (const [value, share] of Object.entries(sharesOf(recordSets, setting))) {
          const tolerance = 5 * Math.sqrt((share * (1 - share)) / draws) + 1e-9;
          expect(Math.abs((counts[value] ?? 0) / draws - share)).toBeLessThanOrEqual(tolerance);
        }
      }),
      SAMPLED,
    );
  });

  it('agree with a walk that chooses, tests and backs out one step at a time', () => {
    fc.assert(
      fc.property(zoneOf(weights), unhealthy, fc.integer(), (recordSets, down, seed) => {
        const random = createSeededRandom(seed);
        const draws = 3_000;
        const counts: Record<string, number> = {};
        for (let draw = 0; draw < draws; draw += 1) {
          const value = walk(recordSets, 'api.example.com', down, random);
          counts[value] = (counts[value] ?? 0) + 1;
        }
        const shares = sharesOf(recordSets, { unhealthy: down });
        for (const value of new Set([...Object.keys(shares), ...Object.keys(counts)])) {
          const share = shares[value] ?? 0;
          const tolerance = 5 * Math.sqrt((share * (1 - share)) / draws) + 1e-9;
          expect(Math.abs((counts[value] ?? 0) / draws - share)).toBeLessThanOrEqual(tolerance);
        }
      }),
      SAMPLED,
    );
  });

  it('hold every subset of eight equally often in a multivalue group', () => {
    fc.assert(
      fc.property(fc.integer({ min: 9, max: 14 }), fc.integer(), (count, seed) => {
        const recordSets = Array.from({ length: count }, (_, index) =>
          a(`192.0.2.${index}`, { SetIdentifier: `${index}`, MultiValueAnswer: true }),
        );
        const sampler = createSampler(distributionOf(recordSets));
        const random = createSeededRandom(seed);
        for (let draw = 0; draw < 200; draw += 1) {
          const values = sampler.draw(random).values.map(({ value }) => value);
          expect(new Set(values).size).toBe(8);
        }
      }),
      { numRuns: 20 },
    );
  });
});

/**
 * The guide's own procedure for weighted trees, as a second, independent account of rules 1 to 5 and 9 to 11: choose by
 * weight, test, drop, choose again; nothing left means that everything counts as healthy.
 */
function walk(
  recordSets: readonly ResourceRecordSet[],
  name: string,
  down: readonly string[],
  random: () => number,
): string {
  const group = recordSets.filter(({ Name }) => Name === name);
  const passes = (recordSet: ResourceRecordSet): boolean => {
    if (recordSet.HealthCheckId !== undefined && down.includes(recordSet.HealthCheckId)) return false;
    if (recordSet.AliasTarget?.EvaluateTargetHealth !== true) return true;
    return recordSets.filter(({ Name }) => Name === recordSet.AliasTarget?.DNSName).some(passes);
  };
  const draw = (from: readonly ResourceRecordSet[]): ResourceRecordSet | undefined => {
    const sum = from.reduce((total, { Weight = 0 }) => total + Weight, 0);
    let left = random() * (sum === 0 ? from.length : sum);
    return from.find(({ Weight = 0 }) => {
      left -= sum === 0 ? 1 : Weight;
      return left < 0;
    });
  };
  const heavy = group.filter(({ Weight = 0 }) => Weight > 0);
  for (const pool of [heavy, group.filter(({ Weight = 0 }) => Weight === 0)]) {
    let rest = pool;
    for (let chosen = draw(rest); chosen !== undefined; chosen = draw(rest)) {
      if (passes(chosen)) return end(chosen, recordSets, down, random);
      rest = rest.filter((other) => other !== chosen);
    }
  }
  const chosen = draw(heavy.length > 0 ? heavy : group);
  return chosen === undefined ? '' : end(chosen, recordSets, down, random);
}

function end(
  chosen: ResourceRecordSet,
  recordSets: readonly ResourceRecordSet[],
  down: readonly string[],
  random: () => number,
): string {
  const target = chosen.AliasTarget?.DNSName;
  return target === undefined ? (chosen.ResourceRecords?.[0]?.Value ?? '') : walk(recordSets, target, down, random);
}

describe('validation', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('', '.', 'a..b', '*.example.com', 'example.com.', '\\052'),
  );
  const number = fc.oneof(fc.integer(), fc.double());
  const anyRecordSet = fc.record(
    {
      Name: text,
      Type: fc.oneof(fc.constantFrom(...RECORD_TYPES), text),
      SetIdentifier: text,
      Weight: number,
      Region: text,
      GeoLocation: fc.record({ ContinentCode: text, CountryCode: text, SubdivisionCode: text }, { requiredKeys: [] }),
      GeoProximityLocation: fc.record({ AWSRegion: text, Bias: number }, { requiredKeys: [] }),
      CidrRoutingConfig: fc.record({ CollectionId: text, LocationName: text }),
      Failover: fc.oneof(fc.constantFrom('PRIMARY', 'SECONDARY'), text),
      MultiValueAnswer: fc.boolean(),
      TTL: number,
      ResourceRecords: fc.array(fc.record({ Value: text }), { maxLength: 3 }),
      AliasTarget: fc.record({ HostedZoneId: text, DNSName: text, EvaluateTargetHealth: fc.boolean() }),
      HealthCheckId: text,
    },
    { requiredKeys: ['Name', 'Type'] },
  ) as fc.Arbitrary<unknown> as fc.Arbitrary<ResourceRecordSet>;
  const anyConfig = fc.record(
    {
      Type: fc.oneof(
        fc.constantFrom('HTTP', 'TCP', 'CALCULATED', 'CLOUDWATCH_METRIC', 'RECOVERY_CONTROL', 'HTTPS_STR_MATCH'),
        text,
      ),
      IPAddress: text,
      Port: number,
      FullyQualifiedDomainName: text,
      SearchString: text,
      RequestInterval: number,
      FailureThreshold: number,
      HealthThreshold: number,
      ChildHealthChecks: fc.array(text, { maxLength: 3 }),
      Regions: fc.array(text, { maxLength: 3 }),
      AlarmIdentifier: fc.record({ Region: text, Name: text }),
    },
    { requiredKeys: ['Type'] },
  ) as fc.Arbitrary<unknown> as fc.Arbitrary<HealthCheckConfig>;

  it('never throws, and says something of every problem', () => {
    fc.assert(
      fc.property(fc.array(anyRecordSet, { maxLength: 6 }), fc.boolean(), (recordSets, known) => {
        const problems = validateRecordSets(recordSets, known ? { hostedZone: ZONE, healthChecks: [] } : {});
        for (const { path, message } of problems) expect([path, message].every((part) => part.length > 0)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ Id: text, HealthCheckConfig: anyConfig }), { maxLength: 4 }),
        (checks: HealthCheck[]) => {
          expect(Array.isArray(validateHealthChecks(checks))).toBe(true);
        },
      ),
    );
  });

  it('finds nothing wrong with a well-made tree, and what it passes can be answered', () => {
    fc.assert(
      fc.property(zone, (recordSets) => {
        const complaints = validateRecordSets(recordSets, { hostedZone: ZONE });
        // A tree may end above the level that some alias points to.
        fc.pre(complaints.every(({ path }) => !path.endsWith('DNSName')));
        expect(complaints).toEqual([]);
      }),
    );
  });

  it('reads any JSON as a fixture without throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ ResourceRecordSets: fc.array(anyRecordSet, { maxLength: 3 }) })),
        (input) => {
          const { fixture, problems } = parseFixture(input);
          expect((fixture === undefined) !== (problems === undefined)).toBe(true);
        },
      ),
    );
  });
});

describe('names', () => {
  it('have one canonical spelling, which is its own', () => {
    const label = fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 20 });
    const escaped = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`;
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
        const text = labels.map((bytes) => bytes.map(escaped).join('')).join('.');
        const canonical = canonicalName(text);
        expect(parseName(canonical)).toEqual({ name: canonical });
        expect(canonicalName(`${canonical.toUpperCase()}.`)).toBe(canonical);
      }),
    );
  });
});

describe('change batches', () => {
  it('leave the zone as it was when they are refused, and undo each other when they are not', () => {
    const facts = { id: ZONE.Id, apex: ZONE.Name, protections: new Map() };
    fc.assert(
      fc.property(zone, (recordSets) => {
        const before = new Map(withApexRecords([], ZONE.Name).map((recordSet) => [recordSetKey(recordSet), recordSet]));
        const deepestFirst = recordSets.toReversed();
        const created = applyChangeBatch(
          before,
          deepestFirst.map((ResourceRecordSet) => ({ Action: 'CREATE', ResourceRecordSet })),
          facts,
        );
        if (created.content === undefined) {
          expect(created.messages.length).toBeGreaterThan(0);
          return;
        }
        expect(created.content.size).toBe(before.size + recordSets.length);
        const removed = applyChangeBatch(
          created.content,
          recordSets.map((ResourceRecordSet) => ({ Action: 'DELETE', ResourceRecordSet })),
          facts,
        );
        expect(removed.content).toEqual(before);
      }),
    );
  });
});
