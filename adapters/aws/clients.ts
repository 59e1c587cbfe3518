import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GlobalAcceleratorClient } from '@aws-sdk/client-global-accelerator';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { Route53Client } from '@aws-sdk/client-route-53';
import { Route53RecoveryClusterClient } from '@aws-sdk/client-route53-recovery-cluster';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * How every call behaves. A call to a dead Region must fail soon: without `throwOnRequestTimeout` the request timeout
 * only logs a warning and the call hangs (documented on NodeHttpHandlerOptions of @smithy/node-http-handler).
 */
export const CALL_LIMITS: CallLimits = { connectionTimeoutMs: 1_000, requestTimeoutMs: 2_000, maxAttempts: 2 };

/**
 * A request that is not idempotent: a second attempt would be refused because the first one took effect. So there is one,
 * and it is given longer to be answered; 8 s (assumed) leave the step 7 of its 15 s for what it reads and records.
 */
export const ONCE_LIMITS: CallLimits = { ...CALL_LIMITS, requestTimeoutMs: 8_000, maxAttempts: 1 };

/**
 * Calls of a user's function, which works for as long as its check gives it: the check's own timeout is the shorter one.
 * One attempt: the next round asks again.
 */
export const FUNCTION_LIMITS: CallLimits = { ...CALL_LIMITS, requestTimeoutMs: 60_000, maxAttempts: 1 };

/**
 * Reading and repairing whole tables, where minutes are given and nobody's request waits: a page of a scan is 1 MB, and
 * throttling is to be sat out. Timeouts and attempts are assumed.
 */
export const TABLE_LIMITS: CallLimits = { connectionTimeoutMs: 1_000, requestTimeoutMs: 10_000, maxAttempts: 8 };

/** Of the 15 s of a step, five endpoints that do not answer take half. */
export const ENDPOINT_LIMITS: CallLimits = { connectionTimeoutMs: 1_000, requestTimeoutMs: 1_500, maxAttempts: 1 };

/** How long a call may take, ms, and how often it is made. */
export interface CallLimits {
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxAttempts: number;
}

/** Route 53's API is a us-east-1 control plane: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/route-53-concepts.html */
export const ROUTE53_CONTROL_PLANE = 'us-east-1';

/** What a client is made of; where given, `instrument` sees every new client, which is how a twin answers its calls. */
export interface ClientSettings {
  readonly instrument?: (client: InstrumentedClient, made: MadeClient) => void;
  /** Where given, asked for every client before it is made: a thousand applications in one process share theirs. */
  readonly keep?: <Client>(key: string, create: () => Client) => Client;
}

/** Which client it is. */
export interface MadeClient {
  readonly service: string;
  readonly region: string;
  readonly limits: CallLimits;
}

/** The part of a client that a middleware is added to. */
export type InstrumentedClient = { readonly middlewareStack: { readonly addRelativeTo: unknown } };

function shared(
  region: string,
  limits: CallLimits = CALL_LIMITS,
): {
  region: string;
  maxAttempts: number;
  requestHandler: { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: boolean };
} {
  return {
    region,
    maxAttempts: limits.maxAttempts,
    requestHandler: {
      connectionTimeout: limits.connectionTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  };
}

function instrumented<Client extends InstrumentedClient>(
  create: () => Client,
  given: Omit<MadeClient, 'limits'> & Partial<MadeClient>,
  { instrument, keep = (_, make) => make() }: ClientSettings,
): Client {
  const made: MadeClient = { limits: CALL_LIMITS, ...given };
  return keep(`${made.service} ${made.region} ${made.limits.requestTimeoutMs} ${made.limits.maxAttempts}`, () => {
    const client = create();
    instrument?.(client, made);
    return client;
  });
}

/** Regional clients, one function per service so that a bundle holds only what its function uses. */
export function dynamoDbClient(region: string, settings: ClientSettings = {}): DynamoDBDocumentClient {
  const client = instrumented(() => new DynamoDBClient(shared(region)), { service: 'dynamodb', region }, settings);
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** For tables that are compared, whose values are to stay as DynamoDB's API gives them. */
export function dynamoDbTableClient(region: string, settings: ClientSettings = {}): DynamoDBClient {
  const made = { service: 'dynamodb', region, limits: TABLE_LIMITS };
  return instrumented(() => new DynamoDBClient(shared(region, TABLE_LIMITS)), made, settings);
}

export function s3Client(region: string, settings: ClientSettings = {}): S3Client {
  return instrumented(() => new S3Client(shared(region)), { service: 's3', region }, settings);
}

export function route53Client(settings: ClientSettings = {}): Route53Client {
  const region = ROUTE53_CONTROL_PLANE;
  return instrumented(() => new Route53Client(shared(region)), { service: 'route53', region }, settings);
}

export function cloudWatchClient(region: string, settings: ClientSettings = {}): CloudWatchClient {
  return instrumented(() => new CloudWatchClient(shared(region)), { service: 'cloudwatch', region }, settings);
}

export function rdsClient(region: string, settings: ClientSettings = {}): RDSClient {
  return instrumented(() => new RDSClient(shared(region)), { service: 'rds', region }, settings);
}

/** For the requests that move the writer. */
export function rdsPromotionClient(region: string, settings: ClientSettings = {}): RDSClient {
  const limits = ONCE_LIMITS;
  return instrumented(() => new RDSClient(shared(region, limits)), { service: 'rds', region, limits }, settings);
}

export function snsClient(region: string, settings: ClientSettings = {}): SNSClient {
  return instrumented(() => new SNSClient(shared(region)), { service: 'sns', region }, settings);
}

export function stepFunctionsClient(region: string, settings: ClientSettings = {}): SFNClient {
  return instrumented(() => new SFNClient(shared(region)), { service: 'states', region }, settings);
}

export function ssmClient(region: string, settings: ClientSettings = {}): SSMClient {
  return instrumented(() => new SSMClient(shared(region)), { service: 'ssm', region }, settings);
}

/** One endpoint of a cluster of routing controls; five of them are tried, so each is given less time and one attempt. */
export function recoveryClusterClient(
  { region, url }: { readonly region: string; readonly url: string },
  settings: ClientSettings = {},
): Route53RecoveryClusterClient {
  const limits = ENDPOINT_LIMITS;
  return instrumented(
    () => new Route53RecoveryClusterClient({ ...shared(region, limits), endpoint: url }),
    { service: 'route53-recovery-cluster', region, limits },
    settings,
  );
}

export function cloudFormationClient(region: string, settings: ClientSettings = {}): CloudFormationClient {
  return instrumented(() => new CloudFormationClient(shared(region)), { service: 'cloudformation', region }, settings);
}

export function lambdaClient(region: string, settings: ClientSettings = {}): LambdaClient {
  const limits = FUNCTION_LIMITS;
  return instrumented(() => new LambdaClient(shared(region, limits)), { service: 'lambda', region, limits }, settings);
}

export function ecsClient(region: string, settings: ClientSettings = {}): ECSClient {
  return instrumented(() => new ECSClient(shared(region)), { service: 'ecs', region }, settings);
}

export function autoScalingClient(region: string, settings: ClientSettings = {}): AutoScalingClient {
  return instrumented(() => new AutoScalingClient(shared(region)), { service: 'autoscaling', region }, settings);
}

export function elbClient(region: string, settings: ClientSettings = {}): ElasticLoadBalancingV2Client {
  const made = { service: 'elasticloadbalancing', region };
  return instrumented(() => new ElasticLoadBalancingV2Client(shared(region)), made, settings);
}

/** https://docs.aws.amazon.com/general/latest/gr/global_accelerator.html: its API is in us-west-2 alone. */
export const GLOBAL_ACCELERATOR_CONTROL_PLANE = 'us-west-2';

export function globalAcceleratorClient(settings: ClientSettings = {}): GlobalAcceleratorClient {
  const region = GLOBAL_ACCELERATOR_CONTROL_PLANE;
  return instrumented(
    () => new GlobalAcceleratorClient(shared(region)),
    { service: 'globalaccelerator', region },
    settings,
  );
}
