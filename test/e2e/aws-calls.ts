import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RDSClient } from '@aws-sdk/client-rds';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ACCOUNT } from './emulator/cdk-cli.ts';

/** One call that the test itself made. */
export interface LoggedCall {
  readonly atMs: number;
  readonly command: string;
}

/** The test's own clients, one per service and Region, every call of which is on the log. */
export interface AwsCalls {
  readonly log: readonly LoggedCall[];
  cloudFormation(region: string): CloudFormationClient;
  cloudWatch(region: string): CloudWatchClient;
  dynamoDb(region: string): DynamoDBDocumentClient;
  rds(region: string): RDSClient;
  route53(): Route53Client;
  s3(region: string): S3Client;
  sfn(region: string): SFNClient;
  sns(region: string): SNSClient;
  ssm(region: string): SSMClient;
}

/** Clients that talk to one endpoint. */
export function createAwsCalls(endpoint: string): AwsCalls {
  const log: LoggedCall[] = [];
  const settings = (region: string) => ({
    region,
    endpoint,
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'local' },
  });
  const dynamoDb = perRegion((region) =>
    DynamoDBDocumentClient.from(logged(new DynamoDBClient(settings(region)), log)),
  );
  const route53 = perRegion((region) => logged(new Route53Client(settings(region)), log));
  return {
    log,
    cloudFormation: perRegion((region) => logged(new CloudFormationClient(settings(region)), log)),
    cloudWatch: perRegion((region) => logged(new CloudWatchClient(settings(region)), log)),
    dynamoDb,
    rds: perRegion((region) => logged(new RDSClient(settings(region)), log)),
    route53: () => route53('us-east-1'),
    s3: perRegion((region) => logged(new S3Client({ ...settings(region), forcePathStyle: true }), log)),
    sfn: perRegion((region) => logged(new SFNClient(settings(region)), log)),
    sns: perRegion((region) => logged(new SNSClient(settings(region)), log)),
    ssm: perRegion((region) => logged(new SSMClient(settings(region)), log)),
  };
}

interface Loggable {
  readonly middlewareStack: { add(middleware: unknown, options: { readonly step: 'initialize' }): void };
}

/** Before everything else, so that a call is on the log whatever becomes of it. */
function logged<Client>(client: Client, log: LoggedCall[]): Client {
  const write =
    (next: (args: unknown) => Promise<unknown>, { commandName }: { readonly commandName?: string }) =>
    (args: unknown): Promise<unknown> => {
      log.push({ atMs: Date.now(), command: (commandName ?? '').replace(/Command$/, '') });
      return next(args);
    };
  (client as unknown as Loggable).middlewareStack.add(write, { step: 'initialize' });
  return client;
}

function perRegion<Client>(create: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const client = clients.get(region) ?? create(region);
    clients.set(region, client);
    return client;
  };
}
