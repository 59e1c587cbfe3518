/** What one unit of something costs. */
export interface Price {
  /** US dollars for one unit, before tax, without free tier, discounts or savings plans. */
  readonly usd: number;
  /** One of what. */
  readonly unit: string;
  /** The page that shows it. */
  readonly source: string;
  /**
   * Date of the copy of AWS's price list that it was read from; `undated` where that copy tells none, `unconfirmed` where
   * none could be read.
   */
  readonly asOf: string;
}

/** When the table was put together. */
export const PRICES_LOOKED_UP = '2026-11-21';

const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const ROUTE53 = 'https://aws.amazon.com/route53/pricing/';
const ARC = 'https://aws.amazon.com/application-recovery-controller/pricing/';

/** Prices that are the same in every Region, or differ by less than the estimate rounds away. */
export const PRICES = {
  lambdaRequest: { usd: 0.2e-6, unit: 'request', source: LAMBDA, asOf: '2025-10-01' },
  schedule: {
    usd: 1e-6,
    unit: 'invocation',
    source: 'https://aws.amazon.com/eventbridge/pricing/',
    asOf: 'unconfirmed',
  },
  metricRead: { usd: 0.01e-3, unit: 'metric of GetMetricData', source: CLOUDWATCH, asOf: '2026-09-24' },
  metricPut: { usd: 0.01e-3, unit: 'PutMetricData request', source: CLOUDWATCH, asOf: 'unconfirmed' },
  alarmMetric: { usd: 0.1, unit: 'metric of a standard alarm, month', source: CLOUDWATCH, asOf: '2026-09-16' },
  compositeAlarm: { usd: 0.5, unit: 'composite alarm, month', source: CLOUDWATCH, asOf: 'unconfirmed' },
  metric: { usd: 0.3, unit: 'metric published, month', source: CLOUDWATCH, asOf: 'unconfirmed' },
  trace: { usd: 5e-6, unit: 'trace recorded', source: 'https://aws.amazon.com/xray/pricing/', asOf: 'undated' },
  key: { usd: 1, unit: 'key, month', source: 'https://aws.amazon.com/kms/pricing/', asOf: '2026-09-16' },
  objectRead: { usd: 0.37e-6, unit: 'GET', source: 'https://aws.amazon.com/s3/pricing/', asOf: '2026-09-16' },
  objectWrite: { usd: 4.7e-6, unit: 'PUT', source: 'https://aws.amazon.com/s3/pricing/', asOf: '2026-09-16' },
  objectStorage: {
    usd: 0.025,
    unit: 'GB of objects, month',
    source: 'https://aws.amazon.com/s3/pricing/',
    asOf: 'unconfirmed',
  },
  transition: {
    usd: 25e-6,
    unit: 'state transition',
    source: 'https://aws.amazon.com/step-functions/pricing/',
    asOf: 'unconfirmed',
  },
  message: { usd: 0.5e-6, unit: 'publication', source: 'https://aws.amazon.com/sns/pricing/', asOf: 'unconfirmed' },
  awsHealthCheck: { usd: 0.5, unit: 'health check of AWS, month', source: ROUTE53, asOf: '2026-10-01' },
  awsHealthCheckOption: { usd: 1, unit: 'option, month', source: ROUTE53, asOf: '2026-10-01' },
  otherHealthCheck: { usd: 0.75, unit: 'health check outside AWS, month', source: ROUTE53, asOf: '2026-10-01' },
  otherHealthCheckOption: { usd: 2, unit: 'option, month', source: ROUTE53, asOf: '2026-10-01' },
} as const satisfies Readonly<Record<string, Price>>;

/** What the estimate is shown beside, US dollars a month. */
export const ALTERNATIVES = [
  { name: 'ARC Region switch, one plan', usd: 70, source: ARC, asOf: 'unconfirmed' },
  { name: 'ARC routing control, one cluster at $2.50 an hour', usd: 2.5 * 730, source: ARC, asOf: '2026-09' },
] as const;

/** A GB-second on arm64 where it is not the usual price. */
const LAMBDA_SECOND: Readonly<Record<string, number>> = {
  'af-south-1': 17.68e-6,
  'ap-east-1': 18.3e-6,
  'eu-south-1': 15.6138e-6,
  'me-central-1': 16.5334e-6,
  'me-south-1': 16.5334e-6,
};
const USUAL_LAMBDA_SECOND = 13.3334e-6;

/** One GB-second of a function on arm64 in a Region. */
export function lambdaSecond(region: string): Price {
  const usd = LAMBDA_SECOND[region];
  const asOf = usd === undefined ? '2025-10-01' : 'undated';
  return { usd: usd ?? USUAL_LAMBDA_SECOND, unit: 'GB-second, arm64', source: LAMBDA, asOf };
}

type Regional = Readonly<Record<string, { readonly usd: number; readonly asOf: string }>>;

/** A write of 1 KB to one replica, by the replica's Region. */
const REPLICATED_WRITE: Regional = {
  'us-east-1': { usd: 0.625e-6, asOf: 'undated' },
  'us-east-2': { usd: 0.625e-6, asOf: 'undated' },
  'us-west-2': { usd: 0.625e-6, asOf: 'undated' },
  'ap-northeast-1': { usd: 0.715e-6, asOf: '2026-09-16' },
  'ap-northeast-2': { usd: 0.68e-6, asOf: 'undated' },
};

/** One unit of 1 KB written to a replica in a Region. */
export function replicatedWrite(region: string): Price {
  return { ...knownOrDearest(REPLICATED_WRITE, region), unit: 'replicated write unit of 1 KB', source: DYNAMODB };
}

/** As listed in us-east-1 (0.125 to 0.625) and in Tokyo (0.1425 to 0.715). */
const READ_PER_WRITE = 0.2;

/** One unit of 4 KB read with strong consistency from a replica in a Region. */
export function strongRead(region: string): Price {
  const { usd, asOf } = knownOrDearest(REPLICATED_WRITE, region);
  return { usd: usd * READ_PER_WRITE, unit: 'read unit of 4 KB', source: DYNAMODB, asOf };
}

const LOGS: Regional = {
  'us-east-1': { usd: 0.5, asOf: 'undated' },
  'ap-northeast-1': { usd: 0.76, asOf: '2026-09-16' },
};

/** One GB of logs taken in in a Region. */
export function logsGigabyte(region: string): Price {
  return { ...knownOrDearest(LOGS, region), unit: 'GB of logs', source: CLOUDWATCH };
}

/** Where the price of a Region is not known, the dearest one that is: an estimate that errs does so upwards. */
function knownOrDearest(prices: Regional, region: string): { readonly usd: number; readonly asOf: string } {
  const usd = Math.max(...Object.values(prices).map((price) => price.usd));
  return prices[region] ?? { usd, asOf: 'unconfirmed' };
}
