import { describe, expect, it } from 'vitest';
import type { HealthCheckConfig } from '../../../core/routing/health-check.ts';
import type { ResourceRecordSet } from '../../../core/routing/record-set.ts';
import { createRoute53 } from '../../../twin/route53/route53.ts';
import { createTestAccount, LOCATIONS, type TestAccount } from '../../_helpers/route53-account.ts';
import { a, alias, elbAlias, httpsCheck, ZONE } from '../../_helpers/route53-zone.ts';
import { createVirtualClock } from '../../_helpers/virtual-clock.ts';

interface Listing {
  readonly ResourceRecordSets: readonly ResourceRecordSet[];
  readonly IsTruncated: boolean;
  readonly NextRecordName?: string;
  readonly NextRecordType?: string;
  readonly NextRecordIdentifier?: string;
}

interface CheckOutput {
  readonly HealthCheck: {
    readonly Id: string;
    readonly HealthCheckVersion: number;
    readonly HealthCheckConfig: HealthCheckConfig;
  };
}

const list = (account: TestAccount, input: object = {}) =>
  account.succeed<Listing>('ListResourceRecordSets', { HostedZoneId: ZONE.Id, ...input });
const labels = ({ ResourceRecordSets }: Listing) =>
  ResourceRecordSets.map(({ Name, Type, SetIdentifier }) => [Name, Type, SetIdentifier].filter(Boolean).join(' '));

describe('ListResourceRecordSets', () => {
  const weighted = (id: string) => a('192.0.2.1', { SetIdentifier: id, Weight: 1 });
  const recordSets = [
    a('192.0.2.1', { Name: 'Z.Example.com' }),
    weighted('b'),
    weighted('a'),
    a('192.0.2.1', { Name: '*.example.com' }),
    { Name: 'api.example.com', Type: 'TXT', TTL: 60, ResourceRecords: [{ Value: '"x"' }] } as const,
  ];
  const sorted = [
    'example.com. NS',
    'example.com. SOA',
    '\\052.example.com. A',
    'api.example.com. A a',
    'api.example.com. A b',
    'api.example.com. TXT',
    'z.example.com. A',
  ];

  it('sorts by reversed name, type and identifier, and writes names as the API does', () => {
    expect(labels(list(createTestAccount({ recordSets })))).toEqual(sorted);
  });

  it.each([1, 2, 3, 6, 7, 300])('gives pages of %i that together are the list', (MaxItems) => {
    const account = createTestAccount({ recordSets });
    const seen: string[] = [];
    let from = {};
    for (let page = list(account, { MaxItems }); ; page = list(account, { MaxItems, ...from })) {
      expect(page.ResourceRecordSets.length).toBeLessThanOrEqual(MaxItems);
      seen.push(...labels(page));
      if (!page.IsTruncated) break;
      from = {
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      };
    }
    expect(seen).toEqual(sorted);
  });

  it.each([
    { from: { StartRecordName: 'api.example.com' }, first: 'api.example.com. A a' },
    { from: { StartRecordName: 'api.example.com', StartRecordType: 'AAAA' }, first: 'api.example.com. TXT' },
    { from: { StartRecordName: 'nothing.example.com' }, first: 'z.example.com. A' },
    { from: { StartRecordName: 'zz.example.com' }, first: undefined },
  ])('starts at $from', ({ from, first }) => {
    expect(labels(list(createTestAccount({ recordSets }), from))[0]).toBe(first);
  });

  it.each([
    { input: { HostedZoneId: ZONE.Id, StartRecordType: 'A' }, error: 'InvalidInput' },
    { input: { HostedZoneId: ZONE.Id, StartRecordName: 'a..b' }, error: 'InvalidInput' },
    { input: { HostedZoneId: 'Z0' }, error: 'NoSuchHostedZone' },
    { input: {}, error: 'InvalidInput' },
    { input: 'nonsense', error: 'InvalidInput' },
  ])('refuses $input with $error', ({ input, error }) => {
    expect(createTestAccount().call('ListResourceRecordSets', input).error?.name).toBe(error);
  });
});

describe('hosted zones', () => {
  interface Created {
    readonly HostedZone: { readonly Id: string; readonly Name: string; readonly ResourceRecordSetCount: number };
    readonly DelegationSet: { readonly NameServers: readonly string[] };
  }

  it('are born with an SOA and four name servers, and die empty', () => {
    const account = createTestAccount();
    const created = account.succeed<Created>('CreateHostedZone', { Name: 'Example.ORG.', CallerReference: '1' });
    expect(created.HostedZone).toMatchObject({ Name: 'example.org.', ResourceRecordSetCount: 2 });
    expect(created.DelegationSet.NameServers).toHaveLength(4);
    const { Id } = created.HostedZone;
    expect(Id).toMatch(/^\/hostedzone\/Z[A-Z0-9]{20}$/);
    expect(account.succeed<Created>('GetHostedZone', { Id }).HostedZone).toEqual(created.HostedZone);
    const record = a('192.0.2.1', { Name: 'www.example.org' });
    const change = (Action: string) => ({
      HostedZoneId: Id,
      ChangeBatch: { Changes: [{ Action, ResourceRecordSet: record }] },
    });
    account.succeed('ChangeResourceRecordSets', change('CREATE'));
    expect(account.call('DeleteHostedZone', { Id }).error?.name).toBe('HostedZoneNotEmpty');
    account.clock.runUntil(130_000);
    expect(account.ask('dublin', 'www.example.org')).toEqual(['192.0.2.1']);
    account.succeed('ChangeResourceRecordSets', change('DELETE'));
    account.succeed('DeleteHostedZone', { Id });
    account.clock.runUntil(400_000);
    expect(account.ask('dublin', 'www.example.org')).toEqual(['REFUSED']);
    expect(account.call('GetHostedZone', { Id }).error?.name).toBe('NoSuchHostedZone');
  });

  it('answer from the zone with the longest name', () => {
    const account = createTestAccount({ recordSets: [a('192.0.2.1', { Name: 'www.sub.example.com' })] });
    account.succeed('CreateHostedZone', { Name: 'sub.example.com', CallerReference: '1' });
    account.clock.runUntil(130_000);
    expect(account.ask('dublin', 'www.sub.example.com')).toEqual(['NXDOMAIN']);
  });

  it('are listed, also by name, in pages', () => {
    const account = createTestAccount();
    for (const Name of ['b.org', 'a.org', 'c.com'])
      account.succeed('CreateHostedZone', { Name, CallerReference: Name });
    const names = (output: { HostedZones: readonly { Name: string }[] }) => output.HostedZones.map(({ Name }) => Name);
    const first = account.succeed<{ HostedZones: { Name: string }[]; NextMarker: string }>('ListHostedZones', {
      MaxItems: 2,
    });
    expect(names(first)).toEqual(['example.com.', 'b.org.']);
    const rest = account.succeed<{ HostedZones: { Name: string }[] }>('ListHostedZones', { Marker: first.NextMarker });
    expect(names(rest)).toEqual(['a.org.', 'c.com.']);
    const byName = account.succeed<{ HostedZones: { Name: string }[]; NextDNSName: string; NextHostedZoneId: string }>(
      'ListHostedZonesByName',
      { MaxItems: 3 },
    );
    expect(names(byName)).toEqual(['c.com.', 'example.com.', 'a.org.']);
    const { NextDNSName: DNSName, NextHostedZoneId: HostedZoneId } = byName;
    expect(names(account.succeed('ListHostedZonesByName', { DNSName, HostedZoneId }))).toEqual(['b.org.']);
  });

  it.each([
    {
      operation: 'CreateHostedZone',
      input: { Name: '*.example.org', CallerReference: '1' },
      error: 'InvalidDomainName',
    },
    { operation: 'CreateHostedZone', input: { Name: 'a..b', CallerReference: '1' }, error: 'InvalidDomainName' },
    {
      operation: 'CreateHostedZone',
      input: { Name: 'a.org', CallerReference: ZONE.Id },
      error: 'HostedZoneAlreadyExists',
    },
    { operation: 'ListHostedZones', input: { Marker: 'Z0' }, error: 'InvalidInput' },
    { operation: 'DeleteHostedZone', input: { Id: 'Z0' }, error: 'NoSuchHostedZone' },
  ])('$operation $input gives $error', ({ operation, input, error }) => {
    expect(createTestAccount().call(operation, input).error?.name).toBe(error);
  });

  it('cannot be deleted while they have protections', () => {
    const account = createTestAccount();
    const Protections = [{ RecordName: 'example.com', RecordType: 'A' }];
    account.succeed('CreateResourceRecordSetProtections', { HostedZoneId: ZONE.Id, Protections });
    expect(account.call('DeleteHostedZone', { Id: ZONE.Id }).error?.name).toBe('HostedZoneNotEmpty');
  });
});

describe('health checks of the API', () => {
  const create = (account: TestAccount, reference: string, config: HealthCheckConfig) =>
    account.call('CreateHealthCheck', { CallerReference: reference, HealthCheckConfig: config });

  it('are created with version 1 and the defaults of the API', () => {
    const account = createTestAccount();
    const { HealthCheck } = create(account, '1', { Type: 'HTTPS', FullyQualifiedDomainName: 'x.example.com' })
      .output as CheckOutput;
    expect(HealthCheck).toMatchObject({
      HealthCheckVersion: 1,
      HealthCheckConfig: { RequestInterval: 30, FailureThreshold: 3 },
    });
    expect(HealthCheck.Id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('are the same check for the same reference and settings, and refused for other settings or after deletion', () => {
    const account = createTestAccount();
    const { HealthCheck } = create(account, '1', httpsCheck()).output as CheckOutput;
    expect(create(account, '1', httpsCheck()).output).toMatchObject({ HealthCheck: { Id: HealthCheck.Id } });
    expect(create(account, '1', httpsCheck({ Port: 8443 })).error).toMatchObject({
      name: 'HealthCheckAlreadyExists',
      httpStatusCode: 409,
    });
    account.succeed('DeleteHealthCheck', { HealthCheckId: HealthCheck.Id });
    expect(create(account, '1', httpsCheck()).error?.name).toBe('HealthCheckAlreadyExists');
    expect(account.call('GetHealthCheck', { HealthCheckId: HealthCheck.Id }).error).toMatchObject({
      name: 'NoSuchHealthCheck',
    });
  });

  it('rule 18: count their versions, and refuse to change what is fixed', () => {
    const account = createTestAccount();
    const { HealthCheck } = create(account, '1', httpsCheck()).output as CheckOutput;
    const update = (input: object) => account.call('UpdateHealthCheck', { HealthCheckId: HealthCheck.Id, ...input });
    expect(update({ HealthCheckVersion: 1, Inverted: true }).output).toMatchObject({
      HealthCheck: { HealthCheckVersion: 2, HealthCheckConfig: { Inverted: true, RequestInterval: 10 } },
    });
    expect(update({ HealthCheckVersion: 1, Inverted: false }).error).toMatchObject({
      name: 'HealthCheckVersionMismatch',
      httpStatusCode: 409,
    });
    expect(update({ RequestInterval: 30 }).error).toMatchObject({
      name: 'InvalidInput',
      message: expect.stringMatching(/RequestInterval: .*cannot be changed/),
    });
    expect(update({ FailureThreshold: 11 }).error).toMatchObject({
      name: 'InvalidInput',
      message: expect.stringMatching(/FailureThreshold/),
    });
    expect(update({ ResourcePath: '/x' }).output).toMatchObject({ HealthCheck: { HealthCheckVersion: 3 } });
    expect(update({ ResetElements: ['ResourcePath'] }).output).toEqual({
      HealthCheck: expect.objectContaining({ HealthCheckConfig: expect.not.objectContaining({ ResourcePath: '/x' }) }),
    });
  });

  it('refuse children that do not exist and settings that make no sense', () => {
    const account = createTestAccount();
    const calculated: HealthCheckConfig = { Type: 'CALCULATED', HealthThreshold: 1, ChildHealthChecks: ['gone'] };
    expect(create(account, '1', calculated).error).toMatchObject({
      name: 'InvalidInput',
      message: expect.stringMatching(/no health check has this id/),
    });
    expect(create(account, '2', { Type: 'HTTP', RequestInterval: 11 }).error?.message).toMatch(
      /endpoint is missing[\s\S]*RequestInterval/,
    );
  });

  it('are 200 at most', () => {
    const healthChecks = Array.from({ length: 199 }, (_, index) => ({
      Id: `c${index}`,
      HealthCheckConfig: { Type: 'CALCULATED' as const, HealthThreshold: 0 },
    }));
    const account = createTestAccount({ healthChecks });
    expect(create(account, '200', httpsCheck()).error).toBeUndefined();
    expect(create(account, '201', httpsCheck()).error?.name).toBe('TooManyHealthChecks');
  });

  it('are listed in pages', () => {
    const healthChecks = ['a', 'b', 'c'].map((Id) => ({ Id, HealthCheckConfig: httpsCheck() }));
    const account = createTestAccount({ healthChecks });
    const first = account.succeed<{ HealthChecks: { Id: string }[]; NextMarker: string }>('ListHealthChecks', {
      MaxItems: 2,
    });
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'c', Marker: '' });
    expect(account.succeed('ListHealthChecks', { Marker: 'c' })).toMatchObject({
      IsTruncated: false,
      HealthChecks: [{ Id: 'c' }],
    });
    expect(account.call('ListHealthChecks', { Marker: 'x' }).error?.name).toBe('InvalidInput');
  });

  it('tell what every checker last found', () => {
    const healthChecks = [
      { Id: 'it', HealthCheckConfig: httpsCheck({ Regions: ['eu-west-1', 'us-east-1', 'us-west-2'] }) },
      { Id: 'sum', HealthCheckConfig: { Type: 'CALCULATED' as const, HealthThreshold: 0 } },
    ];
    const account = createTestAccount({
      healthChecks,
      world: {
        probe: (_config, region) => (region === 'eu-west-1' ? {} : { connectMs: 1, responseMs: 1, statusCode: 404 }),
      },
    });
    account.clock.runUntil(15_000);
    interface Status {
      readonly HealthCheckObservations: readonly {
        Region: string;
        IPAddress: string;
        StatusReport: { Status: string; CheckedTime: Date };
      }[];
    }
    const { HealthCheckObservations: seen } = account.succeed<Status>('GetHealthCheckStatus', { HealthCheckId: 'it' });
    expect(seen).toHaveLength(6);
    expect(new Set(seen.map(({ IPAddress }) => IPAddress)).size).toBe(6);
    for (const { Region, StatusReport } of seen) {
      expect(StatusReport.Status).toMatch(
        Region === 'eu-west-1' ? /could not connect/ : /Failure: HTTP Status Code 404/,
      );
      expect(StatusReport.CheckedTime).toBeInstanceOf(Date);
    }
    expect(account.call('GetHealthCheckStatus', { HealthCheckId: 'sum' }).error).toMatchObject({
      name: 'InvalidInput',
      message: expect.stringMatching(/CALCULATED/),
    });
    expect(account.call('GetHealthCheckStatus', { HealthCheckId: 'x' }).error?.name).toBe('NoSuchHealthCheck');
  });

  it('keep answering for record sets when they are deleted', () => {
    const account = createTestAccount({
      recordSets: [a('192.0.2.1', { SetIdentifier: '1', Weight: 1, HealthCheckId: 'it' })],
      healthChecks: [{ Id: 'it', HealthCheckConfig: httpsCheck() }],
    });
    account.succeed('DeleteHealthCheck', { HealthCheckId: 'it' });
    expect(account.ask()).toEqual(['192.0.2.1']);
    expect(account.route53.isHealthy('dublin', 'it')).toBe(true);
  });
});

describe('TestDNSAnswer', () => {
  const clientAt = (cidr: string) => (cidr.startsWith('192.0.2.') ? { country: 'SG' } : {});
  const geo = (value: string, CountryCode: string) => a(value, { SetIdentifier: value, GeoLocation: { CountryCode } });
  const test = (input: object) => {
    const clock = createVirtualClock();
    const route53 = createRoute53({ clock, world: { probe: () => ({}) }, locations: LOCATIONS, clientAt });
    route53.install({ hostedZone: ZONE, recordSets: [geo('192.0.2.1', 'SG'), geo('192.0.2.2', '*')] });
    return route53.controlPlane.call('TestDNSAnswer', {
      HostedZoneId: ZONE.Id,
      RecordName: 'API.example.com',
      RecordType: 'A',
      ...input,
    });
  };

  it.each([
    { input: {}, data: '192.0.2.2' },
    { input: { ResolverIP: '192.0.2.53' }, data: '192.0.2.1' },
    { input: { EDNS0ClientSubnetIP: '192.0.2.77' }, data: '192.0.2.1' },
    { input: { EDNS0ClientSubnetIP: '192.0.2.77', EDNS0ClientSubnetMask: '32' }, data: '192.0.2.1' },
    { input: { ResolverIP: '192.0.2.53', EDNS0ClientSubnetIP: '2001:db8::1' }, data: '192.0.2.2' },
  ])('answers $data for $input', ({ input, data }) => {
    expect(test(input).output).toMatchObject({
      RecordName: 'api.example.com.',
      RecordType: 'A',
      RecordData: [data],
      ResponseCode: 'NOERROR',
      Protocol: 'UDP',
    });
  });

  it.each([
    { input: { RecordName: 'gone.example.com' }, code: 'NXDOMAIN' },
    { input: { RecordType: 'TXT' }, code: 'NOERROR' },
  ])('gives $code for $input', ({ input, code }) => {
    expect(test(input).output).toMatchObject({ RecordData: [], ResponseCode: code });
  });

  it.each([
    { input: { ResolverIP: 'x' }, error: 'InvalidInput' },
    { input: { EDNS0ClientSubnetIP: '192.0.2.1', EDNS0ClientSubnetMask: '33' }, error: 'InvalidInput' },
    { input: { HostedZoneId: 'Z0' }, error: 'NoSuchHostedZone' },
    { input: { RecordType: 'FOO' }, error: 'InvalidInput' },
  ])('refuses $input with $error', ({ input, error }) => {
    expect(test(input).error?.name).toBe(error);
  });

  it('works on public zones only', () => {
    const account = createTestAccount();
    const { HostedZone } = account.succeed<{ HostedZone: { Id: string } }>('CreateHostedZone', {
      Name: 'internal.example',
      CallerReference: '1',
      VPC: { VPCRegion: 'eu-west-1', VPCId: 'vpc-1' },
    });
    const input = { HostedZoneId: HostedZone.Id, RecordName: 'internal.example', RecordType: 'SOA' };
    expect(account.call('TestDNSAnswer', input).error).toMatchObject({
      name: 'InvalidInput',
      message: expect.stringMatching(/public/),
    });
  });
});

describe('the account as a whole', () => {
  it('names an operation that it does not have', () => {
    expect(() => createTestAccount().call('CreateTrafficPolicyCommand', {})).toThrow(
      /no operation CreateTrafficPolicy/,
    );
  });

  it('takes the names of SDK commands', () => {
    expect(createTestAccount().call('GetHostedZoneCommand', { Id: ZONE.Id }).error).toBeUndefined();
  });

  it('refuses to install what Route 53 would not take', () => {
    expect(() => createTestAccount({ recordSets: [a('x', { HealthCheckId: 'gone' })] })).toThrow(
      /cannot be read as A[\s\S]*no health check/,
    );
  });

  it('refuses policies that it does not model, by name', () => {
    const far = a('192.0.2.1', { SetIdentifier: 'x', GeoProximityLocation: { AWSRegion: 'eu-west-1' } });
    expect(() => createTestAccount({ recordSets: [far] })).toThrow(/geoproximity routing is not modelled/);
    expect(() => createTestAccount().change(['CREATE', far])).toThrow(/geoproximity routing is not modelled/);
    const CidrRoutingConfig = { CollectionId: 'c', LocationName: '*' };
    expect(() =>
      createTestAccount({ recordSets: [a('192.0.2.1', { SetIdentifier: 'x', CidrRoutingConfig })] }),
    ).toThrow(/IP-based/);
  });

  it('knows no location that it was not given', () => {
    expect(() => createTestAccount().ask('atlantis')).toThrow(
      /no DNS location atlantis; known: singapore, dublin, virginia/,
    );
  });

  it('follows the health of alias targets outside the zone at once', () => {
    const account = createTestAccount({
      recordSets: [
        elbAlias('LB-1.elb.amazonaws.com.', { SetIdentifier: 'p', Failover: 'PRIMARY' }),
        a('192.0.2.2', { SetIdentifier: 's', Failover: 'SECONDARY' }),
      ],
    });
    expect(account.ask()).toEqual(['LB-1.elb.amazonaws.com.']);
    account.route53.setTargetHealth('lb-1.elb.amazonaws.com', false);
    expect(account.ask()).toEqual(['192.0.2.2']);
    account.route53.setTargetHealth('lb-1.elb.amazonaws.com', true);
    expect(account.ask()).toEqual(['LB-1.elb.amazonaws.com.']);
  });

  it('gives the exact distribution that its answers are drawn from', () => {
    const account = createTestAccount({
      recordSets: [alias('x.example.com'), a('192.0.2.1', { Name: 'x.example.com' })],
    });
    const query = {
      location: 'dublin',
      question: { name: 'api.example.com', type: 'A' as const },
      client: {},
      nowMs: 0,
    };
    expect(account.route53.distribution(query).outcomes).toMatchObject([{ probability: 1, take: 1 }]);
  });
});
