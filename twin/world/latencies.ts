import type { Distribution } from '../random.ts';

/** How long something takes in the twin, and why it is believed. */
export interface Latency {
  readonly milliseconds: Distribution;
  readonly source: string;
}

const ASSUMED = 'assumed';

/**
 * Every duration of the twin that is not a rule. None is zero. `docs/twin-fidelity.md` shows this table.
 */
export const LATENCIES = {
  apiCallSameRegion: { milliseconds: { kind: 'lognormal', median: 12, sigma: 0.4 }, source: ASSUMED },
  apiCallOtherRegion: {
    milliseconds: { kind: 'lognormal', median: 95, sigma: 0.3 },
    source: 'assumed; Tokyo–Singapore round trips are about 70 ms',
  },
  coordinationWrite: {
    milliseconds: { kind: 'lognormal', median: 60, sigma: 0.3 },
    source: 'assumed; a strongly consistent write waits for one other Region of the set',
  },
  route53Api: { milliseconds: { kind: 'lognormal', median: 180, sigma: 0.3 }, source: 'assumed; us-east-1 from Asia' },
  lambdaColdStart: {
    milliseconds: { kind: 'lognormal', median: 350, sigma: 0.25 },
    source: 'assumed; bundles of this size start in 80–180 ms locally, the sandbox comes on top',
  },
  lambdaWarmStart: { milliseconds: { kind: 'lognormal', median: 12, sigma: 0.4 }, source: ASSUMED },
  stateTransition: { milliseconds: { kind: 'lognormal', median: 45, sigma: 0.3 }, source: ASSUMED },
  httpSameRegion: { milliseconds: { kind: 'lognormal', median: 15, sigma: 0.4 }, source: ASSUMED },
  httpOtherRegion: { milliseconds: { kind: 'lognormal', median: 110, sigma: 0.3 }, source: ASSUMED },
  dnsQuery: { milliseconds: { kind: 'lognormal', median: 40, sigma: 0.4 }, source: ASSUMED },
  clientRequest: { milliseconds: { kind: 'lognormal', median: 70, sigma: 0.35 }, source: 'assumed; p95 about 125 ms' },
  metricArrival: {
    milliseconds: { kind: 'uniform', from: 4_000, to: 12_000 },
    source: 'assumed; a minute is published a few seconds after its end',
  },
  ownMetricArrival: {
    milliseconds: { kind: 'lognormal', median: 3_000, sigma: 0.4 },
    source: 'assumed; a line of the log becomes a metric within seconds',
  },
  alarmEvent: { milliseconds: { kind: 'lognormal', median: 700, sigma: 0.4 }, source: ASSUMED },
  executionEvent: { milliseconds: { kind: 'lognormal', median: 700, sigma: 0.4 }, source: ASSUMED },
  scheduleJitter: {
    milliseconds: { kind: 'uniform', from: 0, to: 59_000 },
    source: 'anywhere within the minute: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
  },
  replicationLag: {
    milliseconds: { kind: 'lognormal', median: 350, sigma: 0.4 },
    source:
      'typically under 1 s: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html',
  },
  promotion: {
    milliseconds: { kind: 'uniform', from: 40_000, to: 50_000 },
    source: 'typically within a minute: aurora-global-database-disaster-recovery; 45 s assumed',
  },
  replicaPromotion: {
    milliseconds: { kind: 'uniform', from: 180_000, to: 300_000 },
    source:
      'several minutes or longer: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html; 3–5 min assumed',
  },
  instanceStart: {
    milliseconds: { kind: 'uniform', from: 45_000, to: 120_000 },
    source: 'assumed; a task or an instance, from the request until it takes its part',
  },
  replicationRejoin: { milliseconds: { kind: 'uniform', from: 180_000, to: 300_000 }, source: ASSUMED },
} as const satisfies Readonly<Record<string, Latency>>;
export type LatencyName = keyof typeof LATENCIES;

/** Of a log-normal distribution, 95 % lie below this many standard deviations above its median. */
const P95_DEVIATIONS = 1.645;
const { median, sigma } = LATENCIES.clientRequest.milliseconds;
/** What 95 % of the requests of a Region that is well take at most, ms. */
export const ORDINARY_P95_MS = median * Math.exp(P95_DEVIATIONS * sigma);

/** How long a client waits for an answer that does not come, and before it tries again. */
export const CLIENT_PATIENCE = { timeoutMs: 2_000, retryAfterMs: 1_000, source: ASSUMED } as const;
