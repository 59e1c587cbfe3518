import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  CreateResourceRecordSetProtectionsCommand,
  GetChangeCommand,
  GetHealthCheckStatusCommand,
  GetHostedZoneCommand,
  InvalidChangeBatch,
  ListHealthChecksCommand,
  ListResourceRecordSetsCommand,
  NoSuchHostedZone,
  Route53Client,
  Route53ServiceException,
  TestDNSAnswerCommand,
} from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { toServiceException } from '../../twin/route53/writes/service-exception.ts';
import { createTestAccount } from '../_helpers/route53-account.ts';
import { a, ZONE } from '../_helpers/route53-zone.ts';

/** A real SDK client whose calls the twin answers, as a simulated world does it. */
function createClient(account = createTestAccount({ recordSets: [a('192.0.2.1')] })) {
  const client = new Route53Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  client.middlewareStack.add(
    (_next, context) => async (args) => {
      const { output, error } = account.call(context.commandName ?? '', args.input);
      if (error !== undefined) throw toServiceException(error);
      return { output: { $metadata: {}, ...(output as object) }, response: {} };
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  return { client, account };
}

const change = (Action: 'CREATE' | 'UPSERT', value: string) =>
  new ChangeResourceRecordSetsCommand({
    HostedZoneId: `/hostedzone/${ZONE.Id}`,
    ChangeBatch: {
      Changes: [
        {
          Action,
          ResourceRecordSet: { Name: 'api.example.com', Type: 'A', TTL: 60, ResourceRecords: [{ Value: value }] },
        },
      ],
    },
  });

describe("the twin behind the AWS SDK's client", () => {
  it('writes, waits and lists', async () => {
    const { client, account } = createClient();
    const { ChangeInfo } = await client.send(change('UPSERT', '192.0.2.2'));
    expect(ChangeInfo).toMatchObject({ Status: 'PENDING', SubmittedAt: expect.any(Date) });
    account.clock.runUntil(130_000);
    expect((await client.send(new GetChangeCommand({ Id: ChangeInfo?.Id }))).ChangeInfo?.Status).toBe('INSYNC');
    const { ResourceRecordSets } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: ZONE.Id }));
    const types = ResourceRecordSets?.map(({ Type }) => Type);
    expect(types).toEqual(['NS', 'SOA', 'A']);
  });

  it("throws the SDK's own exceptions", async () => {
    const { client } = createClient();
    const refused = await client.send(change('CREATE', '192.0.2.2')).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidChangeBatch);
    expect(refused).toMatchObject({
      name: 'InvalidChangeBatch',
      messages: [expect.stringContaining('already exists')],
      $fault: 'client',
    });
    await expect(client.send(new GetHostedZoneCommand({ Id: 'Z0' }))).rejects.toBeInstanceOf(NoSuchHostedZone);
  });

  it.each([
    { name: 'Throttling', httpStatusCode: 400, fault: 'client' },
    { name: 'ServiceUnavailable', httpStatusCode: 503, fault: 'server' },
  ] as const)('throws $name by name, which the SDK has no class for', ({ name, httpStatusCode, fault }) => {
    const exception = toServiceException({ name, message: 'x', httpStatusCode });
    expect(exception).toBeInstanceOf(Route53ServiceException);
    expect(exception).toMatchObject({ name, $fault: fault, $metadata: { httpStatusCode } });
  });

  it('creates and lists health checks', async () => {
    const { client, account } = createClient();
    // The SDK hands on fields that are undefined.
    const config = {
      Type: 'HTTPS',
      FullyQualifiedDomainName: 'x.example.com',
      RequestInterval: 10,
      Regions: undefined,
    } as const;
    const { HealthCheck } = await client.send(
      new CreateHealthCheckCommand({ CallerReference: '1', HealthCheckConfig: config }),
    );
    expect((await client.send(new ListHealthChecksCommand({}))).HealthChecks).toMatchObject([{ Id: HealthCheck?.Id }]);
    account.clock.runUntil(20_000);
    const status = await client.send(new GetHealthCheckStatusCommand({ HealthCheckId: HealthCheck?.Id }));
    expect(status.HealthCheckObservations).toHaveLength(16);
  });

  it('tests answers and protects record sets', async () => {
    const { client } = createClient();
    const answer = await client.send(
      new TestDNSAnswerCommand({ HostedZoneId: ZONE.Id, RecordName: 'api.example.com', RecordType: 'A' }),
    );
    expect(answer).toMatchObject({ RecordData: ['192.0.2.1'], ResponseCode: 'NOERROR' });
    const Protections = [{ RecordName: 'api.example.com', RecordType: 'A' as const }];
    await client.send(new CreateResourceRecordSetProtectionsCommand({ HostedZoneId: ZONE.Id, Protections }));
    await expect(client.send(change('UPSERT', '192.0.2.2'))).rejects.toBeInstanceOf(InvalidChangeBatch);
  });
});
