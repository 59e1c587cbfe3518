import { describe, expect, it } from 'vitest';
import { changeConditionValues } from '../../../core/routing/iam-condition-values.ts';
import type { ResourceRecordSet } from '../../../core/routing/record-set.ts';
import { validateRecordSets } from '../../../core/routing/validate-record-sets.ts';
import { CHANGE_PROCESSING_MS, createTestAccount } from '../../_helpers/route53-account.ts';
import { a, alias, httpsCheck, sharesOf, ZONE } from '../../_helpers/route53-zone.ts';

const many = (count: number, extra: (index: number) => Partial<ResourceRecordSet>) =>
  Array.from({ length: count }, (_, index) => a('192.0.2.1', { SetIdentifier: `${index}`, ...extra(index) }));

describe('rule 25: what may stand under one name and type', () => {
  it.each([
    { beside: { Weight: 1 } },
    { beside: { Region: 'eu-west-1' } },
    { beside: { Failover: 'SECONDARY' as const } },
    { beside: { GeoLocation: { CountryCode: '*' } } },
    { beside: { MultiValueAnswer: true } },
  ])('rule 25: a simple record set does not mix with one that has $beside', ({ beside }) => {
    const zone = [a('192.0.2.1'), a('192.0.2.2', { SetIdentifier: '2', ...beside })];
    expect(validateRecordSets(zone)).toMatchObject([
      { path: 'ResourceRecordSets[1]', message: expect.stringMatching(/stands beside/) },
    ]);
  });

  it('rule 25: geolocation inside weighted needs an alias to another name', () => {
    const both = a('192.0.2.1', { SetIdentifier: '1', Weight: 1, GeoLocation: { CountryCode: '*' } });
    expect(validateRecordSets([both])).toMatchObject([
      { path: 'ResourceRecordSets[0]', message: expect.stringMatching(/more than one/) },
    ]);
    const nested = [
      alias('geo.example.com', { SetIdentifier: '1', Weight: 1 }),
      a('192.0.2.1', { Name: 'geo.example.com', SetIdentifier: '*', GeoLocation: { CountryCode: '*' } }),
    ];
    expect(validateRecordSets(nested)).toEqual([]);
    expect(sharesOf(nested)).toEqual({ '192.0.2.1': 1 });
  });

  it.each([99, 100, 101])('rule 25: %i weighted record sets are allowed up to 100', (count) => {
    const problems = validateRecordSets(many(count, () => ({ Weight: 1 })));
    expect(problems).toHaveLength(count > 100 ? 1 : 0);
  });

  it.each([100, 101])('rule 25: %i multivalue record sets are allowed up to 100', (count) => {
    expect(validateRecordSets(many(count, () => ({ MultiValueAnswer: true })))).toHaveLength(count > 100 ? 1 : 0);
  });

  it('rule 25: a weighted record set may have several values, all of which are answered', () => {
    const ResourceRecords = [{ Value: '192.0.2.1' }, { Value: '192.0.2.2' }];
    const zone = [
      a('', { SetIdentifier: '1', Weight: 1, ResourceRecords }),
      a('192.0.2.3', { SetIdentifier: '2', Weight: 3 }),
    ];
    expect(validateRecordSets(zone)).toEqual([]);
    expect(sharesOf(zone)).toEqual({ '192.0.2.1': 0.25, '192.0.2.2': 0.25, '192.0.2.3': 0.75 });
  });

  it('rule 25: a weighted group has one TTL', () => {
    const zone = [
      a('192.0.2.1', { SetIdentifier: '1', Weight: 1 }),
      a('192.0.2.2', { SetIdentifier: '2', Weight: 1, TTL: 30 }),
    ];
    expect(validateRecordSets(zone)).toMatchObject([{ path: 'ResourceRecordSets[1].TTL', value: 30 }]);
  });
});

describe('rule 26: change batches', () => {
  const epoch = (value: string): ResourceRecordSet => ({
    Name: '_switchyard.api.example.com',
    Type: 'TXT',
    TTL: 60,
    ResourceRecords: [{ Value: `"${value}"` }],
  });

  it('rule 26: a batch is made whole or not at all', () => {
    const account = createTestAccount({ recordSets: [a('192.0.2.1')] });
    const { error } = account.change(
      ['UPSERT', a('192.0.2.2')],
      ['DELETE', a('192.0.2.9', { Name: 'gone.example.com' })],
    );
    expect(error).toMatchObject({
      name: 'InvalidChangeBatch',
      httpStatusCode: 400,
      messages: [expect.stringMatching(/not found/)],
    });
    account.clock.runUntil(200_000);
    expect(account.ask()).toEqual(['192.0.2.1']);
  });

  it('rule 26: all faults of a batch are told at once', () => {
    const account = createTestAccount({ recordSets: [a('192.0.2.1')] });
    const { error } = account.change(
      ['CREATE', a('192.0.2.2')],
      ['DELETE', a('192.0.2.2')],
      ['DELETE', a('192.0.2.2', { Name: 'gone.example.com' })],
      ['CREATE', a('not an address', { Name: 'bad.example.com' })],
    );
    expect(error?.messages).toHaveLength(4);
    expect(error?.messages?.join('\n')).toMatch(
      /already exists[\s\S]*do not match[\s\S]*not found[\s\S]*cannot be read as A/,
    );
  });

  it.each([
    { what: 'the very values', change: {}, works: true },
    { what: 'the name in another spelling', change: { Name: 'API.example.com.' }, works: true },
    { what: 'another TTL', change: { TTL: 61 }, works: false },
    { what: 'another value', change: { ResourceRecords: [{ Value: '192.0.2.2' }] }, works: false },
    { what: 'a health check it does not have', change: { HealthCheckId: 'x' }, works: false },
    { what: 'a weight it does not have', change: { Weight: 1, SetIdentifier: 'x' }, works: false },
  ])('rule 26: DELETE with $what works: $works', ({ change, works }) => {
    const account = createTestAccount({ recordSets: [a('192.0.2.1')] });
    expect(account.change(['DELETE', a('192.0.2.1', change)]).error === undefined).toBe(works);
  });

  it('rule 26: the order of values does not matter to DELETE', () => {
    const values = ['192.0.2.1', '192.0.2.2'].map((Value) => ({ Value }));
    const account = createTestAccount({ recordSets: [a('', { ResourceRecords: values })] });
    expect(account.change(['DELETE', a('', { ResourceRecords: values.toReversed() })]).error).toBeUndefined();
  });

  it('rule 26: the same record set cannot be deleted twice in one batch', () => {
    const account = createTestAccount({ recordSets: [a('192.0.2.1')] });
    const { error } = account.change(['DELETE', a('192.0.2.1')], ['DELETE', a('192.0.2.1')]);
    expect(error?.name).toBe('InvalidChangeBatch');
  });

  it('rule 26: UPSERT creates what is not there and replaces what is', () => {
    const account = createTestAccount();
    expect(account.change(['UPSERT', a('192.0.2.1')]).error).toBeUndefined();
    expect(account.change(['UPSERT', a('192.0.2.2')]).error).toBeUndefined();
    account.clock.runUntil(300_000);
    expect(account.ask()).toEqual(['192.0.2.2']);
  });

  it('rule 26: deleting and creating one record set in a batch compares and swaps', () => {
    const account = createTestAccount({ recordSets: [epoch('7.1')] });
    const swap = (from: string, to: string) => account.change(['DELETE', epoch(from)], ['CREATE', epoch(to)]);
    expect(swap('7.1', '7.2').error).toBeUndefined();
    expect(swap('7.1', '7.3').error).toMatchObject({
      name: 'InvalidChangeBatch',
      messages: [expect.stringMatching(/do not match/), expect.stringMatching(/already exists/)],
    });
    expect(swap('7.2', '7.3').error).toBeUndefined();
  });

  const values = (count: number, length = 1) =>
    Array.from({ length: Math.ceil(count / 400) }, (_, block) => ({
      Name: `t${block}.example.com`,
      Type: 'TXT' as const,
      TTL: 60,
      ResourceRecords: Array.from({ length: Math.min(400, count - block * 400) }, (__, index) => ({
        Value: `"${String(index).padEnd(length - 2, 'x')}"`,
      })),
    }));

  it.each([
    { action: 'CREATE', count: 999, works: true },
    { action: 'CREATE', count: 1_000, works: true },
    { action: 'CREATE', count: 1_001, works: false },
    { action: 'UPSERT', count: 500, works: true },
    { action: 'UPSERT', count: 501, works: false },
  ] as const)('rule 26: $action of $count records works: $works', ({ action, count, works }) => {
    const account = createTestAccount();
    const reply = account.change(...values(count, 5).map((recordSet) => [action, recordSet] as const));
    expect(reply.error?.messages?.[0]).toBe(works ? undefined : 'Number of records limit of 1000 exceeded.');
  });

  it.each([
    { action: 'CREATE', length: 79, works: true },
    { action: 'CREATE', length: 80, works: true },
    { action: 'CREATE', length: 81, works: false },
    { action: 'UPSERT', length: 40, works: true },
    { action: 'UPSERT', length: 41, works: false },
  ] as const)('rule 26: $action of 400 values of $length characters works: $works', ({ action, length, works }) => {
    const account = createTestAccount();
    const reply = account.change(...values(400, length).map((recordSet) => [action, recordSet] as const));
    expect(reply.error?.messages?.[0]).toBe(works ? undefined : 'Number of characters limit of 32000 exceeded.');
  });

  it('rule 26: an alias counts as one record, and must come after its target in a batch', () => {
    const account = createTestAccount();
    const target = a('192.0.2.1', { Name: 'end.example.com' });
    expect(account.change(['CREATE', alias('end.example.com')], ['CREATE', target]).error?.messages).toMatchObject([
      expect.stringMatching(/not found/),
    ]);
    expect(account.change(['CREATE', target], ['CREATE', alias('end.example.com')]).error).toBeUndefined();
  });

  it.each([
    { afterMs: 0, error: 'PriorRequestNotComplete' },
    { afterMs: CHANGE_PROCESSING_MS - 1, error: 'PriorRequestNotComplete' },
    { afterMs: CHANGE_PROCESSING_MS, error: undefined },
  ])('rule 26: a write $afterMs ms after another to the same zone gives $error', ({ afterMs, error }) => {
    const { route53, clock } = createTestAccount();
    const write = (value: string) =>
      route53.controlPlane.call('ChangeResourceRecordSets', {
        HostedZoneId: ZONE.Id,
        ChangeBatch: { Changes: [{ Action: 'UPSERT', ResourceRecordSet: a(value) }] },
      });
    expect(write('192.0.2.1').tookMs).toBe(CHANGE_PROCESSING_MS);
    clock.runUntil(afterMs);
    expect(write('192.0.2.2').error?.name).toBe(error);
  });

  it('rule 26: a health check that does not exist is NoSuchHealthCheck', () => {
    const account = createTestAccount();
    expect(account.change(['CREATE', a('192.0.2.1', { HealthCheckId: 'x' })]).error).toMatchObject({
      name: 'NoSuchHealthCheck',
      httpStatusCode: 404,
    });
  });

  it("rule 26: the zone's own SOA and NS cannot be deleted, a primary with values needs a check", () => {
    const account = createTestAccount();
    const listed = account.succeed<{ ResourceRecordSets: ResourceRecordSet[] }>('ListResourceRecordSets', {
      HostedZoneId: ZONE.Id,
    });
    for (const recordSet of listed.ResourceRecordSets) {
      expect(account.change(['DELETE', recordSet]).error?.messages).toMatchObject([
        expect.stringMatching(/must contain/),
      ]);
    }
    const primary = a('192.0.2.1', { SetIdentifier: 'p', Failover: 'PRIMARY' });
    expect(account.change(['CREATE', primary]).error?.messages).toMatchObject([
      expect.stringMatching(/has no health check/),
    ]);
  });
});

describe('rule 27: throttling', () => {
  const GET = ['GetHostedZone', { Id: ZONE.Id }] as const;
  const admitted = (
    account: ReturnType<typeof createTestAccount>,
    tries: number,
    [operation, input]: readonly [string, unknown],
  ) =>
    Array.from({ length: tries }, () => account.route53.controlPlane.call(operation, input)).filter(
      ({ error }) => error?.name !== 'Throttling',
    ).length;

  it('rule 27: an account has a burst of 50 requests and 10 a second after it', () => {
    const account = createTestAccount();
    expect(admitted(account, 60, GET)).toBe(50);
    expect(account.call(...GET).error).toEqual({ name: 'Throttling', message: 'Rate exceeded', httpStatusCode: 400 });
    account.clock.runUntil(1_000);
    expect(admitted(account, 60, GET)).toBe(10);
  });

  it('rule 27: GetHealthCheckStatus has a burst of 4 and one a second', () => {
    const account = createTestAccount({ healthChecks: [{ Id: 'it', HealthCheckConfig: httpsCheck() }] });
    const status = ['GetHealthCheckStatus', { HealthCheckId: 'it' }] as const;
    expect(admitted(account, 10, status)).toBe(4);
    account.clock.runUntil(2_000);
    expect(admitted(account, 10, status)).toBe(2);
  });

  it('rule 27: UpdateHealthCheck has 5 a second where the account has 10', () => {
    const account = createTestAccount({ healthChecks: [{ Id: 'it', HealthCheckConfig: httpsCheck() }] });
    const update = ['UpdateHealthCheck', { HealthCheckId: 'it', Port: 443 }] as const;
    expect(admitted(account, 60, update)).toBe(50);
    account.clock.runUntil(1_000);
    expect(admitted(account, 60, update)).toBe(5);
  });

  it('rule 27: change throughput is 1,500 tokens and 100 a second; CREATE and DELETE cost 1, UPSERT 2', () => {
    const account = createTestAccount();
    const upserts = (count: number) =>
      Array.from(
        { length: count },
        (_, index) => ['UPSERT', a('192.0.2.1', { Name: `r${index}.example.com` })] as const,
      );
    for (let batch = 0; batch < 3; batch += 1) expect(account.change(...upserts(250)).error).toBeUndefined();
    // Three batches of 500 tokens emptied the bucket, but for what came back while they were processed.
    const tokens = Math.floor((2 * CHANGE_PROCESSING_MS * 100) / 1_000 + (CHANGE_PROCESSING_MS * 100) / 1_000);
    expect(account.change(...upserts(Math.floor(tokens / 2) + 1)).error?.name).toBe('Throttling');
    const created = Array.from(
      { length: tokens },
      (_, index) => ['CREATE', a('192.0.2.1', { Name: `c${index}.example.com` })] as const,
    );
    expect(account.change(...created).error).toBeUndefined();
  });
});

describe('rules 28 to 31', () => {
  interface Info {
    readonly ChangeInfo: { readonly Id: string; readonly Status: string; readonly SubmittedAt: Date };
  }

  it('rule 28: a change is PENDING until every location answers with it, then INSYNC', () => {
    const account = createTestAccount({ recordSets: [a('192.0.2.1')], seed: 3 });
    const reply = account.change(['UPSERT', a('192.0.2.2')]);
    const { ChangeInfo } = reply.output as Info;
    expect(ChangeInfo).toMatchObject({ Status: 'PENDING', SubmittedAt: new Date(0) });
    const arrived = new Map<string, number>();
    for (let second = 0; second <= 120; second += 1) {
      account.clock.runUntil(Math.max(account.clock.now(), second * 1_000));
      const here = ['singapore', 'dublin', 'virginia'].filter((location) => account.ask(location)[0] === '192.0.2.2');
      for (const location of here) if (!arrived.has(location)) arrived.set(location, second);
      const { ChangeInfo: now } = account.succeed<Info>('GetChange', { Id: ChangeInfo.Id });
      expect(now.Status).toBe(here.length === 3 ? 'INSYNC' : 'PENDING');
      if (now.Status === 'INSYNC') break;
    }
    expect(arrived.size).toBe(3);
    expect(new Set(arrived.values()).size).toBeGreaterThan(1);
    expect(Math.max(...arrived.values())).toBeLessThanOrEqual(60);
  });

  it('rule 28: versions of a zone never overtake each other on the way to a location', () => {
    const account = createTestAccount({ recordSets: [a('192.0.2.0')] });
    for (let version = 1; version <= 9; version += 1) account.change(['UPSERT', a(`192.0.2.${version}`)]);
    let last = 0;
    for (let second = 3; second <= 130; second += 1) {
      account.clock.runUntil(second * 1_000);
      const now = Number(account.ask()[0]?.split('.')[3]);
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
    expect(last).toBe(9);
  });

  it('rule 28: the list shows a pending change, and an unknown change is NoSuchChange', () => {
    const account = createTestAccount();
    account.change(['CREATE', a('192.0.2.1')]);
    const { ResourceRecordSets } = account.succeed<{ ResourceRecordSets: ResourceRecordSet[] }>(
      'ListResourceRecordSets',
      { HostedZoneId: ZONE.Id },
    );
    expect(ResourceRecordSets.map(({ Type }) => Type)).toEqual(['NS', 'SOA', 'A']);
    expect(account.call('GetChange', { Id: 'C0' }).error).toMatchObject({ name: 'NoSuchChange', httpStatusCode: 404 });
  });

  it('rule 29: with the control plane down every API fails while probing, aggregating and answering go on', () => {
    let down = false;
    const account = createTestAccount({
      recordSets: [
        a('192.0.2.1', { SetIdentifier: 'p', Failover: 'PRIMARY', HealthCheckId: 'it' }),
        a('192.0.2.2', { SetIdentifier: 's', Failover: 'SECONDARY' }),
      ],
      healthChecks: [{ Id: 'it', HealthCheckConfig: httpsCheck({ FailureThreshold: 1 }) }],
      world: { probe: () => (down ? {} : { connectMs: 1, responseMs: 1, statusCode: 200 }) },
    });
    account.route53.controlPlane.setUp(false);
    for (const [operation, input] of [
      ['ChangeResourceRecordSets', {}],
      ['ListResourceRecordSets', { HostedZoneId: ZONE.Id }],
      ['UpdateHealthCheck', { HealthCheckId: 'it', Inverted: true }],
      ['TestDNSAnswer', { HostedZoneId: ZONE.Id, RecordName: 'api.example.com', RecordType: 'A' }],
    ] as const) {
      expect(account.call(operation, input).error).toMatchObject({ name: 'ServiceUnavailable', httpStatusCode: 503 });
    }
    expect(account.ask()).toEqual(['192.0.2.1']);
    down = true;
    account.clock.runUntil(30_000);
    expect(account.ask()).toEqual(['192.0.2.2']);
    account.route53.controlPlane.setUp(true);
    expect(account.call('ListResourceRecordSets', { HostedZoneId: ZONE.Id }).error).toBeUndefined();
  });

  it('rule 30: IAM conditions compare lower-case names without trailing dot, types and upper-case actions', () => {
    const change = (Action: string, Name: string) => ({ Action, ResourceRecordSet: { Name, Type: 'A' as const } });
    expect(
      changeConditionValues([
        change('upsert', 'API.Example.com.'),
        change('UPSERT', '*.example.com'),
        change('CREATE', '_x.example.com'),
      ]),
    ).toEqual({
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': [
        '\\052.example.com',
        '_x.example.com',
        'api.example.com',
      ],
      'route53:ChangeResourceRecordSetsRecordTypes': ['A'],
      'route53:ChangeResourceRecordSetsActions': ['CREATE', 'UPSERT'],
    });
  });

  const protect = (entries: readonly object[]) => ({ HostedZoneId: ZONE.Id, Protections: entries });
  const key = { RecordName: 'API.example.com.', RecordType: 'A' };

  it.each(['CREATE', 'DELETE', 'UPSERT'] as const)('rule 31: a protected name and type refuses %s', (action) => {
    const weighted = a('192.0.2.1', { SetIdentifier: '1', Weight: 1 });
    const account = createTestAccount({ recordSets: [weighted] });
    account.succeed('CreateResourceRecordSetProtections', protect([{ ...key, Comment: 'ask the owners' }]));
    const changed = action === 'CREATE' ? { ...weighted, SetIdentifier: '2' } : weighted;
    const refused = account.change([action, changed], ['CREATE', a('192.0.2.9', { Name: 'other.example.com' })]);
    expect(refused.error).toMatchObject({
      name: 'InvalidChangeBatch',
      messages: [expect.stringMatching(/ask the owners/)],
    });
    account.succeed('DeleteResourceRecordSetProtections', protect([key]));
    expect(account.change([action, changed]).error).toBeUndefined();
  });

  it('rule 31: a protection reserves a name that has no record set yet and leaves other types alone', () => {
    const account = createTestAccount();
    account.succeed('CreateResourceRecordSetProtections', protect([key]));
    expect(account.change(['CREATE', a('192.0.2.1')]).error?.name).toBe('InvalidChangeBatch');
    const text: ResourceRecordSet = {
      Name: 'api.example.com',
      Type: 'TXT',
      TTL: 60,
      ResourceRecords: [{ Value: '"x"' }],
    };
    expect(account.change(['CREATE', text]).error).toBeUndefined();
  });

  it('rule 31: protections are made all or none, and every failing entry is named', () => {
    const account = createTestAccount();
    const call = (entries: readonly object[]) =>
      account.call('CreateResourceRecordSetProtections', protect(entries)).error;
    expect(call([key, { RecordName: 'example.org', RecordType: 'A' }, key])?.errors?.map(({ Code }) => Code)).toEqual([
      'InvalidInput',
      'InvalidInput',
    ]);
    expect(call([key])).toBeUndefined();
    expect(call([key])).toMatchObject({ name: 'ProtectionAlreadyExists' });
    const mixed = call([key, { ...key, RecordType: 'AAAA' }]);
    expect(mixed).toMatchObject({
      name: 'InvalidResourceRecordSetProtectionBatch',
      errors: [{ Code: 'ProtectionAlreadyExists' }],
    });
    expect(
      account.call('DeleteResourceRecordSetProtections', protect([{ ...key, RecordType: 'AAAA' }])).error,
    ).toMatchObject({
      errors: [{ Code: 'ProtectionNotFound' }],
    });
    expect(account.succeed('ListResourceRecordSetProtections', { HostedZoneId: ZONE.Id })).toEqual({
      ResourceRecordSetProtections: [{ RecordName: 'api.example.com.', RecordType: 'A' }],
    });
  });
});
