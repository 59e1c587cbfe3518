import { describe, expect, it } from 'vitest';
import type { Check, CheckKind } from '../../../core/config/checks.ts';
import { applyProbe, type CheckState, type ProbeResult } from '../../../core/health/check-state.ts';
import type { HttpAnswer, TrafficReading } from '../../../core/ports.ts';
import { probe } from '../../../lambdas/observe-regions/probe.ts';
import { CHECK_KINDS, configOfEveryKind, sampleCheck } from '../../_helpers/check-samples.ts';
import { SINGAPORE } from '../../_helpers/config.ts';
import { NOW } from '../../_helpers/observations.ts';
import { type FakeProbeAnswers, fakeProbePorts } from '../../_helpers/steps/fake-probe-ports.ts';
import { manualClock } from '../../_helpers/steps/step-world.ts';

const config = configOfEveryKind();
const [subject] = config.regions;
const DAY_MS = 86_400_000;
const LATE = 'no answer within 5000 ms';

/** What the ports of a probe answer; those that are not given time out. */
interface Outside extends FakeProbeAnswers {
  /** An error is one of the probe itself. */
  readonly http?: HttpAnswer | Error;
  readonly traffic?: TrafficReading;
}

async function probed(check: Check, outside: Outside): Promise<ProbeResult> {
  if (subject === undefined) throw new Error('the config has no Region');
  const silent = { answered: false, reason: LATE } as const;
  const get = async (): Promise<HttpAnswer> => {
    if (outside.http instanceof Error) throw outside.http;
    return outside.http ?? silent;
  };
  return probe(check, {
    name: check.kind,
    config,
    subject,
    ports: {
      clock: { ...manualClock(), nowEpochMs: () => NOW },
      http: { get },
      ...fakeProbePorts({
        tcp: { answered: true, accepted: false, reason: LATE },
        tls: silent,
        resolver: silent,
        metrics: silent,
        functions: silent,
        ...outside,
      }),
    },
    document: get,
    traffic: async () => outside.traffic,
  });
}

const page = (body: unknown, status = 200): Outside => ({
  http: { answered: true, status, body: typeof body === 'string' ? body : JSON.stringify(body) },
});
const part = (status: string): Outside => page({ status: 'passed', checks: { search: { status } } });
const certificate = (days: number): Outside => ({ tls: { answered: true, validToEpochMs: NOW + days * DAY_MS } });
const names = (...values: readonly string[]): Outside => ({ resolver: { answered: true, values } });
const metric = (value?: number): Outside => ({ metrics: { answered: true, value } });
const says = (answer: unknown): Outside => ({ functions: { answered: true, body: JSON.stringify(answer) } });
const vector = (...values: readonly string[]): Outside =>
  page({
    status: 'success',
    data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) },
  });

/** An outside at which the probe itself breaks. */
const BREAKING: Outside = { http: new TypeError('broken') };

/** For each kind: what passes, what fails, what says nothing about the Region; and what it makes of silence. */
const OUTSIDE: Readonly<
  Record<
    CheckKind,
    { readonly passed: Outside; readonly failed: Outside; readonly unknown: Outside; readonly silence: string }
  >
> = {
  // Whatever a front door answers is about the Region; only a probe that breaks is not.
  http: { passed: page(''), failed: page('', 503), unknown: BREAKING, silence: 'failed' },
  deep: { passed: part('passed'), failed: part('failed'), unknown: part('unknown'), silence: 'failed' },
  metric: {
    passed: { traffic: { errorRate: 0.1 } },
    failed: { traffic: { errorRate: 0.11 } },
    unknown: { traffic: {} },
    silence: 'error',
  },
  tcp: {
    passed: { tcp: { answered: true, accepted: true, reason: '' } },
    failed: { tcp: { answered: true, accepted: false, reason: 'connect ECONNREFUSED' } },
    unknown: { tcp: { answered: false, reason: 'connect EMFILE' } },
    silence: 'failed',
  },
  'tls-expiry': {
    passed: certificate(14),
    failed: certificate(13.99),
    unknown: { tls: { answered: false, reason: 'no certificate was shown' } },
    silence: 'error',
  },
  dns: {
    passed: names('192.0.2.7'),
    failed: names(),
    unknown: { resolver: { answered: false, reason: 'queryA ESERVFAIL' } },
    silence: 'error',
  },
  cloudwatch: { passed: metric(2), failed: metric(1.99), unknown: metric(), silence: 'error' },
  prometheus: { passed: vector('100'), failed: vector('100.5'), unknown: vector(), silence: 'error' },
  'aurora-lag': { passed: metric(5000), failed: metric(5001), unknown: metric(), silence: 'error' },
  'dynamodb-replication-latency': { passed: metric(5000), failed: metric(5001), unknown: metric(), silence: 'error' },
  's3-replication-latency': { passed: metric(900), failed: metric(901), unknown: metric(), silence: 'error' },
  'queue-age': { passed: metric(60), failed: metric(61), unknown: metric(), silence: 'error' },
  'kafka-replicator-lag': { passed: metric(30_000), failed: metric(30_001), unknown: metric(), silence: 'error' },
  route53: { passed: metric(1), failed: metric(0), unknown: metric(), silence: 'error' },
  lambda: {
    passed: says({ status: 'passed' }),
    failed: says({ status: 'failed', reason: 'no order went through' }),
    unknown: says({ status: 'unknown', reason: 'the test account is locked' }),
    silence: 'error',
  },
};

describe.each(CHECK_KINDS)('a probe of kind %s', (kind) => {
  const check = sampleCheck(kind);
  const { passed, failed, unknown, silence } = OUTSIDE[kind];

  it.each([
    { what: 'passes', outside: passed, result: 'passed' },
    { what: 'fails', outside: failed, result: 'failed' },
    { what: 'is unknown', outside: unknown, result: 'error' },
    { what: `makes ${silence} of silence`, outside: {}, result: silence },
  ])('$what', async ({ outside, result }) => {
    const said = await probed(check, outside);
    expect(said).toMatchObject({ result });
    expect(said.reason === '').toBe(result === 'passed');
  });

  /** The state after a series of probes, `p` for one that passes and `f` for one that fails, an interval apart. */
  const statusAfter = async (probes: string): Promise<CheckState['status'] | undefined> => {
    let state: CheckState | undefined;
    for (const [index, letter] of [...probes].entries()) {
      const result = await probed(check, letter === 'p' ? passed : failed);
      state = applyProbe(check, state, { ...result, atEpochMs: NOW + index * check.intervalSeconds * 1000 });
    }
    return state?.status;
  };

  it.each([
    { failures: 2, status: 'passed' },
    { failures: 3, status: 'failed' },
    { failures: 4, status: 'failed' },
  ])('is $status after $failures failures in a row', async ({ failures, status }) => {
    expect(await statusAfter(`p${'f'.repeat(failures)}`)).toBe(status);
  });

  it.each([
    { passes: 1, status: 'failed' },
    { passes: 2, status: 'passed' },
    { passes: 3, status: 'passed' },
  ])('is $status again after $passes passes in a row', async ({ passes, status }) => {
    expect(await statusAfter(`fff${'p'.repeat(passes)}`)).toBe(status);
  });
});

describe('what a probe asks', () => {
  const asked = async (kind: CheckKind) => {
    if (subject === undefined) throw new Error('the config has no Region');
    const urls: string[] = [];
    const ports = fakeProbePorts();
    const get = async (url: string): Promise<HttpAnswer> => {
      urls.push(url);
      return { answered: false, reason: LATE };
    };
    const document = () => get('');
    const context = { name: 'mine', config, subject, document, traffic: async () => undefined };
    await probe(sampleCheck(kind), { ...context, ports: { clock: manualClock(), http: { get }, ...ports } });
    return ports.askedOf[0]?.question ?? urls[0];
  };
  const millis = { timeoutMs: 5000 };
  const minute = { region: SINGAPORE, statistic: 'Maximum', periodSeconds: 60, ...millis };

  it.each<{ kind: CheckKind; question: unknown }>([
    { kind: 'tcp', question: { host: `broker.${SINGAPORE}.storefront.example`, port: 9094, ...millis } },
    {
      kind: 'tls-expiry',
      question: {
        host: `${SINGAPORE}.storefront.example`,
        port: 443,
        serverName: `${SINGAPORE}.storefront.example`,
        ...millis,
      },
    },
    { kind: 'dns', question: { name: `db.${SINGAPORE}.storefront.example`, type: 'A', ...millis } },
    {
      kind: 'cloudwatch',
      question: {
        ...minute,
        namespace: 'AWS/ApplicationELB',
        metric: 'HealthyHostCount',
        dimensions: { LoadBalancer: `app/storefront-${SINGAPORE}/1` },
        statistic: 'Minimum',
      },
    },
    {
      kind: 'prometheus',
      question: `https://prometheus.${SINGAPORE}.storefront.example/api/v1/query?query=max(queue_depth%7Bregion%3D%22${SINGAPORE}%22%7D)`,
    },
    {
      kind: 'aurora-lag',
      question: {
        ...minute,
        namespace: 'AWS/RDS',
        metric: 'AuroraGlobalDBReplicationLag',
        dimensions: { DBClusterIdentifier: `storefront-${SINGAPORE}` },
      },
    },
    {
      kind: 'dynamodb-replication-latency',
      question: {
        ...minute,
        namespace: 'AWS/DynamoDB',
        metric: 'ReplicationLatency',
        dimensions: { TableName: 'carts', ReceivingRegion: 'ap-northeast-1' },
      },
    },
    {
      kind: 's3-replication-latency',
      question: {
        ...minute,
        namespace: 'AWS/S3',
        metric: 'ReplicationLatency',
        dimensions: {
          SourceBucket: `images-${SINGAPORE}`,
          DestinationBucket: 'images-ap-northeast-1',
          RuleId: 'everything',
        },
      },
    },
    {
      kind: 'queue-age',
      question: {
        ...minute,
        namespace: 'AWS/SQS',
        metric: 'ApproximateAgeOfOldestMessage',
        dimensions: { QueueName: 'orders' },
      },
    },
    {
      kind: 'kafka-replicator-lag',
      question: {
        ...minute,
        namespace: 'AWS/Kafka',
        metric: 'ReplicationLatency',
        dimensions: { ReplicatorName: `into-${SINGAPORE}` },
      },
    },
    {
      kind: 'route53',
      question: {
        ...minute,
        region: 'us-east-1',
        namespace: 'AWS/Route53',
        metric: 'HealthCheckStatus',
        dimensions: { HealthCheckId: 'check-1' },
        statistic: 'Minimum',
      },
    },
    {
      kind: 'lambda',
      question: {
        functionName: 'smoke-test',
        payload: { application: 'storefront', subject: SINGAPORE, check: 'mine' },
        ...millis,
      },
    },
  ])('of kind $kind', async ({ kind, question }) => {
    expect(await asked(kind)).toEqual(question);
  });
});

describe('a reason', () => {
  it('is kept to a length that a report has room for', async () => {
    const { reason } = await probed(sampleCheck('lambda'), says({ status: 'failed', reason: 'x'.repeat(6_000_000) }));
    expect(reason).toHaveLength(160);
  });

  it('names the values that were not expected', async () => {
    expect(await probed(sampleCheck('dns'), names('192.0.2.7', '192.0.2.9'))).toEqual({
      result: 'failed',
      reason: `db.${SINGAPORE}.storefront.example has the unexpected value 192.0.2.9`,
    });
  });

  it('says that the probe itself broke', async () => {
    expect(await probed(sampleCheck('http'), BREAKING)).toEqual({
      result: 'error',
      reason: 'the probe broke: broken',
    });
  });
});

describe('a value', () => {
  it('is kept in the unit of the limit', async () => {
    expect(await probed(sampleCheck('aurora-lag'), metric(1500))).toEqual({ result: 'passed', reason: '', value: 1.5 });
  });

  it.each(['+Inf', '1e300', '1e-300'])('of %s is judged and not kept, since no report could hold it', async (value) => {
    const said = await probed(sampleCheck('prometheus'), vector(value));
    expect(said.result).toBe(value === '1e-300' ? 'passed' : 'failed');
    expect(said).not.toHaveProperty('value');
  });
});

describe('an answer that is none', () => {
  it.each([
    { what: 'several series', outside: vector('1', '2'), reason: 'the query gave 2 series; aggregate them into one' },
    { what: 'no number', outside: vector('NaN'), reason: 'the query gave no number' },
    {
      what: 'an error of the server',
      outside: page({ status: 'error' }, 422),
      reason: 'the query was answered with status 422',
    },
    {
      what: 'a page of the proxy',
      outside: page('<html>'),
      reason: 'the answer is none of an instant query that gives numbers',
    },
  ])('of Prometheus: $what', async ({ outside, reason }) => {
    expect(await probed(sampleCheck('prometheus'), outside)).toEqual({ result: 'error', reason });
  });

  it('of Prometheus: a scalar is one', async () => {
    const scalar = page({ status: 'success', data: { resultType: 'scalar', result: [1, '7'] } });
    expect(await probed(sampleCheck('prometheus'), scalar)).toEqual({ result: 'passed', reason: '', value: 7 });
  });

  it.each([{ status: 'fine' }, 'passed', null, { status: 'passed', value: 'many' }])(
    'of a function: %j',
    async (answer) => {
      expect(await probed(sampleCheck('lambda'), says(answer))).toEqual({
        result: 'error',
        reason: 'smoke-test gave no answer with a status',
      });
    },
  );
});
