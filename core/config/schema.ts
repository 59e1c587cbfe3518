import * as z from 'zod';
import { checkSchema } from './check-field.ts';
import { dataSchema } from './data-section.ts';
import { automationSchema, policySchema } from './decision-fields.ts';
import { endpointSchema } from './endpoint-field.ts';
import { evacuationSchema } from './evacuation-section.ts';
import { fenceHooksSchema } from './fence-hooks.ts';
import { dnsName, ipv4, minutes, percent, regionId, seconds } from './fields.ts';
import { herdFields } from './herd-fields.ts';
import { MOST_CHECK_SECONDS, MOST_VERIFY_INTERVAL_SECONDS } from './limits.ts';
import { loadBalancersSchema } from './load-balancers.ts';
import { notifySchema } from './notify-section.ts';
import { paritySchema } from './parity-section.ts';
import { acceleratorSchema, conflictsSchema, writeBufferSchema } from './preset-sections.ts';
import { reconcileSchema } from './reconcile-section.ts';
import { scalingSchema } from './scaling-section.ts';
import { sloSchema } from './slo-section.ts';
import { RTO_TARGETS } from './targets.ts';

/** What a preset decides; every other field may still be given. */
export const PRESETS = [
  'active-passive',
  'active-active',
  'global-load-balancer',
  'dns-failover',
  'warm-standby',
  'cold-standby',
  'data-active-active',
  'queue-based-writes',
] as const;
export type Preset = (typeof PRESETS)[number];

const regionSchema = z.strictObject({
  id: regionId.describe('AWS Region id.'),
  role: z
    .enum(['primary', 'standby', 'active'])
    .describe('What the Region is for: one `primary` and its `standby` Regions, or all of them `active`.'),
  endpoint: endpointSchema.describe('The front door of the application in this Region; also where observers probe.'),
  capacityRequestsPerSecond: z
    .number()
    .positive()
    .optional()
    .describe('What the Region can carry; the failover gate compares it with the load to take over.'),
});

const coordinationSchema = z.strictObject({
  replicas: z
    .array(regionId)
    .describe(
      'Regions of the strongly consistent table: two with a witness, or three. The first also holds the routing stack.',
    ),
  witness: regionId
    .optional()
    .describe('Third member of the quorum where there are two replicas; holds no readable data.'),
  consistency: z
    .literal('strong', {
      error:
        'must be "strong"; an eventually consistent table judges conditional writes by its local copy and can never hold a lock',
    })
    .default('strong')
    .describe('Only strong consistency can hold a lease.'),
});

const geoLocationSchema = z.strictObject({
  location: z
    .string()
    .regex(/^(\*|continent:[A-Z]{2}|[A-Z]{2}(-[A-Z0-9]{1,3})?)$/, {
      error:
        'is not a location; allowed: "*", "continent:AS", a country such as "TW", or a subdivision such as "US-CA"',
    })
    .describe('`*` for everybody else, `continent:XX`, a country, or a country-subdivision.'),
  region: regionId.describe('The Region that answers there.'),
});

const routingSchema = z
  .discriminatedUnion('policy', [
    z.strictObject({ policy: z.literal('latency').describe('The Region with the lowest latency for the client.') }),
    z.strictObject({
      policy: z.literal('geolocation').describe('The Region named for the place of the client.'),
      locations: z.array(geoLocationSchema).min(1).describe('Who answers where; one entry must be for `*`.'),
      residency: z
        .array(z.array(regionId).min(1))
        .default([])
        .describe(
          'Groups of Regions that data of a location may not leave; a location stays within the group of its Region.',
        ),
    }),
  ])
  .describe('Where every Region serves and no accelerator chooses: what chooses among the Regions.');

/** Longest RTO that can be promised: a day. */
const MOST_TARGET_SECONDS = 86_400;

const targetsSchema = z.strictObject({
  regionFailureSeconds: seconds(30, MOST_TARGET_SECONDS)
    .default(RTO_TARGETS.regionFailureSeconds)
    .describe('RTO of a dead Region.'),
  databaseFailureSeconds: seconds(30, MOST_TARGET_SECONDS)
    .default(RTO_TARGETS.databaseFailureSeconds)
    .describe('RTO of a failed database writer.'),
  plannedSeconds: seconds(30, MOST_TARGET_SECONDS)
    .default(RTO_TARGETS.plannedSeconds)
    .describe('Interruption by planned work, from its fence: what comes before, and draining, interrupts nobody.'),
  degradationSeconds: seconds(30, MOST_TARGET_SECONDS)
    .default(RTO_TARGETS.degradationSeconds)
    .describe('RTO of a partial failure, approval included.'),
});

const failoverSchema = z.strictObject({
  approvalMinutes: minutes(1, 1440).default(15).describe('An approval not given by then cancels the operation.'),
  lagMinutes: minutes(1, 60)
    .default(15)
    .describe('How long planned work waits for the replication lag to come down before it is put off.'),
  drainSeconds: seconds(0, 3600)
    .default(300)
    .describe(
      'How long planned work leaves connections to the source the time to end, once its traffic has moved; 300 is also what a load balancer gives them.',
    ),
  shiftAfterPromotion: z
    .boolean()
    .default(false)
    .describe('Wait for the promotion before traffic moves, for an application that cannot be read-only.'),
  verifyAttempts: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .describe('How often traffic and service are looked at before the operation is held.'),
  verifyIntervalSeconds: seconds(5, MOST_VERIFY_INTERVAL_SECONDS).default(30).describe('Time between two looks.'),
  minimumRequestsPerSecond: z
    .number()
    .min(0)
    .default(100)
    .describe('Traffic on the target that is enough, or the share below, whichever is smaller.'),
  minimumSharePercent: percent
    .default(80)
    .describe('Share of the traffic before the failover that is enough on the target.'),
  maximumErrorPercent: percent.default(1).describe('Errors on the target above which the service is not validated.'),
  maximumP95Milliseconds: z
    .number()
    .positive()
    .default(200)
    .describe('Latency on the target above which the service is not validated.'),
  fenceHooks: fenceHooksSchema,
});

const failbackSchema = z.strictObject({
  rungs: z
    .array(z.int().min(1).max(100))
    .min(1)
    .default([10, 50, 100])
    .describe('Shares of new connections for the returning Region, rising, the last one 100.'),
  bakeMinutes: z.number().min(0.25).max(1440).default(30).describe('How long each rung is watched.'),
  checkSeconds: seconds(5, MOST_CHECK_SECONDS).default(60).describe('Time between two looks at a rung.'),
  holdMinutes: minutes(0, 1440)
    .default(30)
    .describe('How long the Region must have been healthy by quorum before anything moves.'),
  maximumLagSeconds: z
    .number()
    .min(0)
    .max(3600)
    .default(5)
    .describe('Replication lag into the returning Region above which nothing goes back.'),
  moveWriter: z
    .enum(['before-last-rung', 'before-first-rung'])
    .default('before-last-rung')
    .describe('When the data writer goes back.'),
  maximumErrorPercent: percent.default(2).describe('Errors in the returning Region above which the rung is abandoned.'),
  maximumP95Milliseconds: z
    .number()
    .positive()
    .default(500)
    .describe('Latency there above which the rung is abandoned, as it is where nothing was measured by its end.'),
  shareTolerancePercent: percent
    .default(5)
    .describe(
      'How far the observed share may be from the rung, in points, after two TTLs. Judged where one Region serves.',
    ),
  ...herdFields,
});

const trafficSchema = z.strictObject({
  namespace: z
    .string()
    .min(1)
    .max(255)
    .default('Switchyard')
    .describe('CloudWatch namespace, dimensions Application and Region.'),
  periodSeconds: z
    .union([z.literal(60), z.literal(30), z.literal(10), z.literal(5)])
    .default(60)
    .describe('Periods it is published in; below 60 the metrics must be high-resolution ones (StorageResolution 1).'),
  requests: z.string().default('service.requests').describe('Requests answered, Sum per period.'),
  errors: z.string().default('service.errors').describe('Of them failed, Sum per period.'),
  latency: z.string().default('service.latency').describe('Milliseconds per request.'),
  connections: z
    .string()
    .default('service.connections')
    .describe('New connections, Sum per period; the observed share is theirs.'),
  retries: z
    .string()
    .optional()
    .describe('Of the requests, those that repeat an earlier one of the same client, Sum per period.'),
  cacheHits: z
    .string()
    .optional()
    .describe(
      'Percent of lookups that the cache answers, Average per period; also while nobody asks, e.g. of a warmer.',
    ),
});

const contractSchema = z.strictObject({
  path: z.string().startsWith('/').default('/health/deep').describe('Where the contract health document is served.'),
  expected: z
    .partialRecord(z.enum(['schema_rev', 'model_tag', 'index_hash', 'secrets_rev', 'release']), z.string())
    .default({})
    .describe('Revisions that a healthy Region must report; another one is a contract mismatch.'),
});

/** The whole config, as a person writes it. Unknown keys are errors everywhere. */
export const configSchema = z.strictObject({
  application: z
    .string()
    .regex(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/, {
      error: 'must be 1–20 characters of a–z, 0–9 and "-", beginning with a letter; it becomes part of bucket names',
    })
    .describe('Name of the application; part of every resource name.'),
  record: dnsName.describe('The DNS name that clients use.'),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/, {
      error: 'is not a hosted zone id; allowed: "Z" and capital letters or digits, without "/hostedzone/"',
    })
    .describe('Public hosted zone that holds the record.'),
  hostedZoneName: dnsName.optional().describe('Name of that zone; the parent of the record where not given.'),
  preset: z.enum(PRESETS).default('active-passive').describe('The strategy; sets what else is needed.'),
  ttlSeconds: seconds(5, 120).default(60).describe('TTL of every record that clients cache.'),
  regions: z.array(regionSchema).min(2).describe('Where the application runs, in order of preference.'),
  vantages: z.array(regionId).default([]).describe('Further Regions that only observe and guard.'),
  coordination: coordinationSchema.optional().describe('The strongly consistent table that holds lease and epoch.'),
  checks: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/), z.union([z.literal(false), checkSchema]))
    .describe('The check table, by name; `false` removes a default.'),
  contract: contractSchema.prefault({}).describe('Contract health.'),
  parity: paritySchema
    .prefault({})
    .describe('What must be the same in two Regions before traffic goes from one to the other.'),
  traffic: trafficSchema.prefault({}).describe("Where each Region's application publishes its traffic."),
  data: dataSchema.default({ adapter: 'none', writes: 'forwarded', lossBudgetSeconds: 5 }),
  routing: routingSchema.optional(),
  accelerator: acceleratorSchema.optional(),
  scaling: scalingSchema.optional(),
  conflicts: conflictsSchema.optional(),
  reconcile: reconcileSchema.optional(),
  loadBalancers: loadBalancersSchema,
  writeBuffer: writeBufferSchema.optional(),
  evacuation: evacuationSchema.prefault({}).describe('How a Region is left without any control plane.'),
  lastResort: z
    .strictObject({ addresses: z.array(ipv4).min(1).max(8).describe('IPv4 addresses of the static site.') })
    .optional()
    .describe('A static site that answers when no Region does.'),
  targets: targetsSchema.prefault({}).describe('What users are promised; synthesis fails where it cannot be kept.'),
  policy: policySchema.prefault({}).describe('Limits of the decision table.'),
  slo: sloSchema.prefault({}).describe('What each Region owes its users over a month.'),
  automation: automationSchema.prefault({}).describe('What may start by itself, and how often.'),
  failover: failoverSchema.prefault({}).describe('The way out.'),
  failback: failbackSchema.prefault({}).describe('The way back.'),
  notify: notifySchema.prefault({}).describe('Who is told, and what every message names.'),
});
