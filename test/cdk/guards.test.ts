import { App } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { formatProblem } from '../../core/errors.ts';
import { initialState } from '../../core/operation/application-state.ts';
import { compileRecordTree } from '../../core/routing/compile/index.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import { buildApp } from '../../lib/build-app.ts';
import { explicitTtl } from '../../lib/guards/explicit-ttl.ts';
import type { GuardSubject } from '../../lib/guards/guard.ts';
import { guardianNotWard } from '../../lib/guards/guardian-not-ward.ts';
import { healthCheckQuota } from '../../lib/guards/health-check-quota.ts';
import { guardProblems } from '../../lib/guards/index.ts';
import { residency } from '../../lib/guards/residency.ts';
import { rolesIn } from '../../lib/guards/roles-in.ts';
import type { RoutingStack } from '../../lib/stacks/routing-stack.ts';
import storefront from '../../switchyard.config.ts';
import { CONFIGS, fixtureConfig } from '../_helpers/configs.ts';
import { synthesized } from '../_helpers/synthesize.ts';

const DEPLOYMENT = { account: '123456789012', partition: 'aws' };

function subjectOf(config: ResolvedConfig): GuardSubject {
  const [stack] = synthesized(config).stacks.values();
  return {
    config,
    tree: compileRecordTree(config, DEPLOYMENT, initialState(config).weights),
    roles: stack === undefined ? [] : rolesIn(stack.node.root),
  };
}

const subject = subjectOf(storefront);

describe('the guards', () => {
  it.each(CONFIGS)('let %s pass', (_, config) => {
    expect(guardProblems(subjectOf(config))).toEqual([]);
  });

  it('fail synthesis with what is wrong, the value, what is allowed and what to do', () => {
    const app = new App();
    buildApp(app, manyRegions(201), 'no bundles needed');
    const routing = app.node.findChild('switchyard-storefront-routing') as RoutingStack;
    Annotations.fromStack(routing).hasError(
      '/switchyard-storefront-routing',
      Match.stringLikeRegexp(
        'healthChecks: there are more health checks than an account has by default \\(found 201; allowed: at most 200\\); name fewer Regions',
      ),
    );
  });
});

describe('the guard of the RTO budget', () => {
  const promising = (config: ResolvedConfig): RoutingStack => {
    const app = new App();
    buildApp(app, config, 'no bundles needed');
    return app.node.findChild('switchyard-brochure-routing') as RoutingStack;
  };
  const brochure = fixtureConfig('dns-failover');

  it('fails synthesis where a sum is above its target, naming every term', () => {
    const targets = { ...brochure.targets, regionFailureSeconds: 100 };
    Annotations.fromStack(promising({ ...brochure, targets })).hasError(
      '*',
      Match.stringLikeRegexp(
        'targets.regionFailureSeconds: cannot be kept: a front door that no longer answers, detection 36 \\+ propagation 5 \\+ TTL 60 = 101 s \\(found 100; allowed: at least 101\\); shorten a term',
      ),
    );
  });

  it('shows the sums once, also where they are kept', () => {
    const stack = promising(brochure);
    Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
    const shown = Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('^RTO budget'));
    expect(shown).toHaveLength(1);
  });
});

describe('the guard of TTLs', () => {
  it.each([
    { what: 'a record without one', TTL: undefined, alias: false, message: 'the record has no explicit TTL' },
    { what: 'a record with half a second', TTL: 0.5, alias: false, message: 'the record has no explicit TTL' },
    { what: 'an alias with one', TTL: 60, alias: true, message: 'an alias has a TTL' },
  ])('refuses $what', ({ TTL, alias, message }) => {
    const target = alias
      ? { AliasTarget: { HostedZoneId: 'Z1', DNSName: 'live.a.example', EvaluateTargetHealth: true } }
      : { ResourceRecords: [{ Value: '192.0.2.1' }] };
    const record = { Name: 'a.example', Type: 'A', ...target, ...(TTL === undefined ? {} : { TTL }) } as const;
    const [problem] = explicitTtl({ ...subject, tree: { ...subject.tree, records: [record] } });
    expect(problem).toMatchObject({ path: 'records/a.example', message });
    expect(problem).toHaveProperty('remedy');
    expect(problem).toHaveProperty('allowed');
  });

  it('lets a TTL of 0 pass: it is explicit', () => {
    const record = { Name: 'a.example', Type: 'A', TTL: 0, ResourceRecords: [{ Value: '192.0.2.1' }] } as const;
    expect(explicitTtl({ ...subject, tree: { ...subject.tree, records: [record] } })).toEqual([]);
  });
});

describe('the guard of guardians', () => {
  it('refuses a Region that would keep its own switch', () => {
    const guardians = { ...storefront.evacuation.guardians, 'ap-southeast-1': ['ap-southeast-1', 'ap-northeast-2'] };
    const config = { ...storefront, evacuation: { ...storefront.evacuation, guardians } };
    expect(guardianNotWard({ ...subject, config }).map(formatProblem)).toEqual([
      '- evacuation.guardians.ap-southeast-1: names the Region itself as the guardian of its switch (found "ap-southeast-1"; allowed: ap-northeast-1, ap-northeast-2); name two other Regions',
    ]);
  });
});

describe('the guard of residency', () => {
  const records = fixtureConfig('active-active-geolocation');
  const tree = compileRecordTree(records, DEPLOYMENT, initialState(records).weights);
  const changed = (change: (record: ResourceRecordSet) => Partial<ResourceRecordSet>): GuardSubject => ({
    ...subject,
    config: records,
    tree: { ...tree, records: tree.records.map((record) => ({ ...record, ...change(record) })) },
  });
  const isBranch = ({ GeoLocation }: ResourceRecordSet): boolean => GeoLocation?.CountryCode === 'DE';

  it('lets the compiled records pass, and those of a policy without places', () => {
    expect(residency(changed(() => ({})))).toEqual([]);
    expect(residency(subject)).toEqual([]);
  });

  it('refuses a Region outside the group behind a place of the group', () => {
    const elsewhere = { ...subject, config: records, tree: { ...tree, records: [...tree.records, ohio(records)] } };
    expect(residency(elsewhere)).toMatchObject([
      {
        path: `records/eu-central-1.live.${records.record}/us-east-2`,
        value: 'us-east-2',
        allowed: 'eu-west-1, eu-central-1',
        remedy: expect.any(String),
      },
    ]);
  });

  it.each([
    {
      what: 'whose target health is asked',
      change: { AliasTarget: { HostedZoneId: 'Z1', DNSName: 'x.example', EvaluateTargetHealth: true } },
    },
    { what: 'with a health check', change: { HealthCheckId: 'serving-eu-central-1' } },
  ])('refuses a branch of the group $what', ({ change }) => {
    const problems = residency(changed((record) => (isBranch(record) ? change : {})));
    expect(problems).toMatchObject([
      { path: `records/${records.record}/DE`, message: expect.stringContaining('may become unhealthy') },
    ]);
  });

  it('leaves a place without a group alone', () => {
    const everybodyElse = ({ GeoLocation }: ResourceRecordSet): boolean => GeoLocation?.CountryCode === '*';
    expect(residency(changed((record) => (everybodyElse(record) ? { HealthCheckId: 'any' } : {})))).toEqual([]);
  });
});

describe('the guard of the quota', () => {
  it.each([
    { checks: 199, refused: false },
    { checks: 200, refused: false },
    { checks: 201, refused: true },
  ])('with $checks health checks refuses: $refused', ({ checks, refused }) => {
    const [check] = subject.tree.healthChecks;
    const healthChecks = Array.from({ length: checks }, () => check).filter((each) => each !== undefined);
    expect(healthCheckQuota({ ...subject, tree: { ...subject.tree, healthChecks } })).toHaveLength(refused ? 1 : 0);
  });
});

/** A record that puts Ohio behind Frankfurt. */
function ohio({ record }: ResolvedConfig): ResourceRecordSet {
  return { Name: `eu-central-1.live.${record}`, Type: 'CNAME', SetIdentifier: 'us-east-2', Weight: 0 };
}

/** One check a Region. Only the form of a Region's id is checked, so there may be as many as it takes. */
function manyRegions(count: number): ResolvedConfig {
  const regions = Array.from({ length: count }, (_, index) => ({
    id: `ap-${[...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}-1`,
    role: index === 0 ? 'primary' : 'standby',
    endpoint: `https://192.0.2.${index}`,
  }));
  const { application, record, hostedZoneId } = storefront;
  return resolveConfig({ application, record, hostedZoneId, regions, preset: 'dns-failover' });
}
