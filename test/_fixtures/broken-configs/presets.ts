import { withValue } from '../../_helpers/config.ts';
import { inputFor } from '../preset-matrix.ts';
import type { BrokenConfig } from './broken-config.ts';

const ADR = 'docs/adr/0003-presets.md';
const NO_MACHINES = 'has no effect with the preset "global-load-balancer", which has no machines and no observers';
const ORCHESTRATED = 'remove it, or choose a preset that is orchestrated';

const accelerated = inputFor('global-load-balancer', 2);
const warm = inputFor('warm-standby', 2);
const cold = inputFor('cold-standby', 3);
const shared = inputFor('data-active-active', 2);
const queued = inputFor('queue-based-writes', 2);
const passive = inputFor('active-passive', 2);

/** A section that its preset needs and that is not there, and what is shown for an example. */
const MISSING = [
  { input: accelerated, section: 'accelerator', example: '{ dnsName: "a1234567890abcdef.awsglobalaccelerator.com" }' },
  {
    input: warm,
    section: 'scaling',
    example: '{ targets: [{ kind: "ecs-service", cluster: "…", service: "…", desired: 4 }] }',
  },
  {
    input: cold,
    section: 'scaling',
    example: '{ targets: [{ kind: "ecs-service", cluster: "…", service: "…", desired: 4 }] }',
  },
  { input: shared, section: 'conflicts', example: '{ orders: { tier: "critical", policy: "manual" } }' },
];

/** A section of another preset. */
const STRAY = [
  { section: 'accelerator', from: accelerated, owners: '"global-load-balancer"' },
  { section: 'scaling', from: warm, owners: '"warm-standby" or "cold-standby"' },
  { section: 'conflicts', from: shared, owners: '"data-active-active"' },
  { section: 'writeBuffer', from: { writeBuffer: {} }, owners: '"queue-based-writes"' },
] as const;

const NO_WRITER = {
  source: `every Region writes, so there is no writer to move, ${ADR}`,
  message: 'does not fit the preset "data-active-active"',
  remedy: 'leave it out, or choose the preset "active-active", which has one writer',
};

export const BROKEN_PRESETS: readonly BrokenConfig[] = [
  ...MISSING.map(({ input, section, example }) => ({
    what: `${input.preset} without ${section}`,
    input: withValue(input, section, undefined),
    problems: [
      {
        source: ADR,
        path: section,
        message: `is required for the preset "${input.preset}"`,
        allowed: `for example ${example}`,
        remedy: 'add it, or choose another preset',
      },
    ],
  })),
  ...STRAY.map(({ section, from, owners }) => ({
    what: `${section} with a preset that it does not belong to`,
    input: { ...passive, [section]: (from as Readonly<Record<string, unknown>>)[section] },
    problems: [
      {
        source: ADR,
        path: section,
        message: 'has no effect with the preset "active-passive"',
        remedy: `remove it, or choose the preset ${owners}`,
      },
    ],
  })),
  {
    what: 'a cold standby of which nobody knows what it could carry',
    input: withValue(cold, 'regions.2.capacityRequestsPerSecond', undefined),
    problems: [
      {
        source: `nothing else says what a standby could carry once it has grown, ${ADR}`,
        path: 'regions[2].capacityRequestsPerSecond',
        message: 'is required for the standby of the preset "cold-standby"',
        allowed: 'more than 0',
        remedy: 'say what the Region carries at the size that `scaling` gives it',
      },
    ],
  },
  {
    what: 'one writer where every Region writes',
    input: { ...shared, data: { adapter: 'aurora-global', globalCluster: 'matrix' } },
    problems: [{ ...NO_WRITER, path: 'data.adapter', value: 'aurora-global', allowed: 'none' }],
  },
  {
    what: 'writes that are refused where every Region writes',
    input: { ...shared, failback: { rungs: [100] }, data: { adapter: 'none', writes: 'local' } },
    problems: [{ ...NO_WRITER, path: 'data.writes', value: 'local', allowed: 'forwarded' }],
  },
  {
    what: 'a critical entity of which the last writer wins',
    input: { ...shared, conflicts: { orders: { tier: 'critical', policy: 'last-writer-wins' } } },
    problems: [
      {
        source: `the losing version would be gone without a trace, ${ADR}`,
        path: 'conflicts.orders.policy',
        message: 'loses a version of a critical entity silently',
        value: 'last-writer-wins',
        allowed: 'merge, manual',
        remedy: 'choose another policy, or the tier "eventual"',
      },
    ],
  },
  {
    what: 'observers, data and addresses where nothing is orchestrated',
    input: {
      ...accelerated,
      vantages: ['ap-northeast-2'],
      data: { adapter: 'aurora-global', globalCluster: 'matrix' },
      notify: { emails: ['on-call@matrix.example'] },
    },
    problems: [
      { path: 'vantages', value: ['ap-northeast-2'] },
      { path: 'data.adapter', value: 'aurora-global' },
      { path: 'notify.emails', value: ['on-call@matrix.example'] },
    ].map((problem) => ({
      source: `records and checks alone, ${ADR}`,
      message: NO_MACHINES,
      remedy: ORCHESTRATED,
      ...problem,
    })),
  },
  {
    what: 'routing behind an accelerator',
    input: { ...accelerated, routing: { policy: 'latency' } },
    problems: [
      {
        source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geo.html',
        path: 'routing',
        message: 'has no effect with the preset "global-load-balancer"',
        remedy: 'remove it, or choose the preset "active-active" or "data-active-active"',
      },
    ],
  },
];

/** Inputs that come close and hold. */
export const SOUND_PRESETS: readonly { readonly what: string; readonly input: unknown }[] = [
  { what: 'a queue of writes of which nothing is said', input: withValue(queued, 'writeBuffer', undefined) },
  { what: 'a cold standby that may start by itself', input: { ...cold, automation: { enabled: true } } },
  {
    what: 'a cold standby whose primary says nothing of what it carries',
    input: withValue(cold, 'regions.0.capacityRequestsPerSecond', undefined),
  },
  {
    what: 'an entity that may lose a version, of which the last writer wins',
    input: { ...shared, conflicts: { carts: { tier: 'eventual', policy: 'last-writer-wins' } } },
  },
  {
    what: 'an accelerator at the apex, in front of host names and a bare load balancer',
    input: {
      ...(withValue(accelerated, 'regions.1.endpoint', 'https://api-1.ap-northeast-1.elb.amazonaws.com') as object),
      hostedZoneName: 'api.matrix.example',
      ttlSeconds: 30,
    },
  },
];
