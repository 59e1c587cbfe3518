import * as z from 'zod';
import { CRASHABLE_MACHINES } from '../step-functions/crash-point.ts';
import { BLOB_FAULTS } from '../world/blobs.ts';
import { DOCUMENT_LIES } from '../world/document-lies.ts';
import { METRICS_LIES } from '../world/metric-lies.ts';
import { WEBHOOKS } from '../world/webhooks.ts';
import { atSeconds, region, untilSeconds } from './scenario-fields.ts';

const times = { atSeconds, untilSeconds };
const share = z.number().min(0).max(1);
const word = z.string().min(1);
/** Clocks are off by seconds or minutes; one that is a day off is another fault. */
const skewSeconds = z.number().min(-3600).max(3600);

const regionalFaults = [
  z.strictObject({ kind: z.literal('region-dark'), ...times, region }),
  z.strictObject({ kind: z.literal('front-door-down'), ...times, region }),
  z.strictObject({ kind: z.literal('buckets-unreachable'), ...times, region }),
  z.strictObject({ kind: z.literal('queued-writes'), ...times, region, writes: z.int().min(1).max(1_000_000) }),
  z.strictObject({
    kind: z.literal('unreplicated-writes'),
    ...times,
    region,
    entity: word,
    rows: z.array(z.int().min(1).max(1_000_000)).min(1).max(1_000),
    change: z.enum(['write', 'delete']).default('write'),
  }),
  z.strictObject({ kind: z.literal('backbone-cut'), ...times, region }),
  z.strictObject({ kind: z.literal('component-down'), ...times, region, component: word }),
  z.strictObject({
    kind: z.literal('instances-down'),
    ...times,
    region,
    component: word,
    down: z.int().min(0),
    of: z.int().min(1),
  }),
  z.strictObject({
    kind: z.literal('region-flapping'),
    atSeconds,
    untilSeconds: atSeconds,
    region,
    downSeconds: z.number().positive(),
    upSeconds: z.number().positive(),
  }),
  z.strictObject({ kind: z.literal('errors'), ...times, region, share }),
  z.strictObject({ kind: z.literal('retry-storm'), ...times, region, attempts: z.int().min(2).max(100) }),
  z.strictObject({ kind: z.literal('cold-cache'), ...times, region, hitPercent: z.number().min(0).max(100) }),
  z.strictObject({ kind: z.literal('latency'), ...times, region, p95Milliseconds: z.number().positive() }),
  z.strictObject({
    kind: z.literal('revision-differs'),
    ...times,
    region,
    revision: z.enum(['schema_rev', 'model_tag', 'index_hash', 'secrets_rev', 'release']),
    value: word,
  }),
  z.strictObject({ kind: z.literal('blob-differs'), ...times, region, manifest: word, as: z.enum(BLOB_FAULTS) }),
  z.strictObject({ kind: z.literal('answers-drift'), ...times, region, drift: z.number().positive().max(2) }),
  z.strictObject({ kind: z.literal('dedupe-cold'), ...times, region }),
  z.strictObject({ kind: z.literal('metrics-lie'), ...times, region, as: z.enum(METRICS_LIES) }),
  z.strictObject({ kind: z.literal('document-lies'), ...times, region, as: z.enum(DOCUMENT_LIES) }),
] as const;

const observerFaults = [
  z.strictObject({ kind: z.literal('observer-blind'), ...times, observer: region }),
  z.strictObject({ kind: z.literal('probe-loss'), ...times, share }),
  z.strictObject({ kind: z.literal('clock-skew'), ...times, observer: region, seconds: skewSeconds }),
] as const;

const call = { service: word, operation: word, region: region.optional() };

const otherFaults = [
  z.strictObject({ kind: z.literal('control-plane-outage'), ...times }),
  z.strictObject({ kind: z.literal('channel-down'), ...times, channel: z.enum(WEBHOOKS) }),
  z.strictObject({ kind: z.literal('link-cut'), ...times, between: z.tuple([region, region]) }),
  z.strictObject({ kind: z.literal('over-caching'), ...times, share, keepSeconds: z.number().positive() }),
  z.strictObject({ kind: z.literal('replication-lag'), ...times, seconds: z.number().min(0) }),
  z.strictObject({
    kind: z.literal('api-refused'),
    ...times,
    ...call,
    error: word,
    message: z.string().default('refused by the scenario'),
  }),
  z.strictObject({ kind: z.literal('api-answer-lost'), ...times, ...call }),
  z.strictObject({ kind: z.literal('api-call-late'), ...times, ...call, afterSeconds: z.number().positive() }),
  z.strictObject({
    kind: z.literal('orchestrator-killed'),
    ...times,
    machine: z.enum(CRASHABLE_MACHINES),
    state: word,
    point: z.enum(['before', 'after', 'call']),
    call: z.int().min(1).optional(),
  }),
] as const;

/** The faults that a scenario can bring about; docs/scenarios.md describes each. */
export const faultSchema = z
  .discriminatedUnion('kind', [...regionalFaults, ...observerFaults, ...otherFaults])
  .refine((fault) => fault.untilSeconds === undefined || fault.untilSeconds > fault.atSeconds, {
    error: 'must end after it begins',
    path: ['untilSeconds'],
  })
  .refine((fault) => fault.kind !== 'instances-down' || fault.down <= fault.of, {
    error: 'must not be more than there are (of)',
    path: ['down'],
  })
  .refine((fault) => fault.kind !== 'orchestrator-killed' || (fault.point === 'call') === (fault.call !== undefined), {
    error: 'must be given where the point is "call", and nowhere else',
    path: ['call'],
  });
export type Fault = Readonly<z.output<typeof faultSchema>>;
