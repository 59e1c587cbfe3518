import { PRESET_TRAITS, type PresetTraits } from '../../core/config/preset.ts';
import { resolveConfig } from '../../core/config/resolve.ts';
import { PRESETS, type Preset } from '../../core/config/schema.ts';
import type { ConfigInput, ResolvedConfig } from '../../core/config/types.ts';

/** One config of the matrix. */
export interface MatrixCell {
  /** What the folder of its templates is called. */
  readonly name: string;
  readonly preset: Preset;
  readonly regions: number;
  readonly input: ConfigInput;
  readonly config: ResolvedConfig;
}

const IDS = ['ap-southeast-1', 'ap-northeast-1', 'ap-southeast-2', 'ap-south-1', 'ap-southeast-3'];
/** Numbers of application Regions. */
export const COUNTS = [2, 3, 5] as const;
type Count = (typeof COUNTS)[number];

/**
 * What changes with the number of Regions, so that every preset meets every kind of endpoint, with and without vantages
 * and a last resort. Two Regions need a third for their guardians; with three, two others are always there.
 */
const SURROUNDINGS: Readonly<
  Record<Count, { endpoint: EndpointKind; vantages: readonly string[]; lastResort: boolean }>
> = {
  2: { endpoint: 'host name', vantages: ['ap-northeast-2'], lastResort: true },
  3: { endpoint: 'address', vantages: [], lastResort: false },
  5: { endpoint: 'load balancer', vantages: ['ap-northeast-2', 'ap-northeast-3'], lastResort: true },
};

/** Kinds of endpoints that a record can lead to. */
export const ENDPOINT_KINDS = ['host name', 'address', 'load balancer'] as const;
type EndpointKind = (typeof ENDPOINT_KINDS)[number];

/** What belongs to a preset alone. */
const OWN: Readonly<Partial<Record<Preset, Partial<ConfigInput>>>> = {
  'global-load-balancer': { accelerator: { dnsName: 'a1234567890abcdef.awsglobalaccelerator.com' } },
  'warm-standby': {
    scaling: { targets: [{ kind: 'ecs-service', cluster: 'matrix', service: 'api', desired: 10, minimumPercent: 80 }] },
  },
  'cold-standby': { scaling: { targets: [{ kind: 'auto-scaling-group', name: 'matrix-api', desired: 4 }] } },
  'data-active-active': {
    conflicts: {
      orders: { tier: 'critical', policy: 'manual' },
      customers: { tier: 'eventual', policy: 'last-writer-wins' },
    },
  },
};

/** Presets whose data are promoted name the data that they promote. */
const PROMOTES = { data: { adapter: 'aurora-global', globalCluster: 'matrix' } } as const;

/** Presets with records that choose among the Regions by latency or by place. */
export const ROUTED: readonly Preset[] = ['active-active', 'data-active-active'];

/** Every preset in 2, 3 and 5 Regions; where every Region serves also by place, each residency group within itself. */
export const PRESET_MATRIX: readonly MatrixCell[] = [
  ...PRESETS.flatMap((preset) => COUNTS.map((count) => cell(preset, count))),
  ...ROUTED.flatMap((preset) => COUNTS.map((count) => cell(preset, count, geolocation(count)))),
];

/** A config of every preset, the numbers of Regions spread over them: for what is too slow to look at all of them. */
export const ONE_PER_PRESET: readonly MatrixCell[] = PRESETS.flatMap((preset, index) => {
  const regions = COUNTS[index % COUNTS.length];
  return PRESET_MATRIX.filter((cell) => cell.preset === preset && cell.regions === regions).slice(0, 1);
});

function cell(preset: Preset, count: Count, routing?: ConfigInput['routing']): MatrixCell {
  const { strategy } = PRESET_TRAITS[preset];
  const input: ConfigInput = { ...inputFor(preset, count), ...(routing === undefined ? {} : { routing }) };
  const name = `${strategy.toLowerCase()}-${preset}-${count}${routing === undefined ? '' : '-by-place'}`;
  return { name, preset, regions: count, input, config: resolveConfig(input) };
}

/** What a person would write for a preset in so many Regions. */
export function inputFor(preset: Preset, count: Count): ConfigInput {
  const traits = PRESET_TRAITS[preset];
  const { endpoint, vantages, lastResort } = SURROUNDINGS[count];
  const hasTop = traits.roles === 'one-primary' || traits.front === 'accelerator';
  return {
    application: `matrix-${traits.strategy.toLowerCase()}`,
    record: 'api.matrix.example',
    hostedZoneId: 'Z0123456789MATRIX',
    preset,
    regions: IDS.slice(0, count).map((id, index) => ({
      id,
      role: roleOf(traits, index),
      endpoint: endpointOf(endpoint, id, index),
      capacityRequestsPerSecond: 500,
    })),
    ...(lastResort && hasTop ? { lastResort: { addresses: ['192.0.2.200', '192.0.2.201'] } } : {}),
    ...(traits.orchestrated
      ? {
          vantages: [...vantages],
          coordination: { replicas: ['ap-northeast-1', 'ap-northeast-2'], witness: 'ap-northeast-3' },
          notify: { emails: ['on-call@matrix.example'] },
        }
      : {}),
    ...(traits.leavesBySwitchOnly ? PROMOTES : {}),
    ...OWN[preset],
  };
}

function roleOf({ roles }: PresetTraits, index: number): 'primary' | 'standby' | 'active' {
  return roles === 'all-active' ? 'active' : index === 0 ? 'primary' : 'standby';
}

/** An endpoint of a kind; addresses are of the ranges for documentation, which Route 53 takes. */
export function endpointOf(kind: EndpointKind, id: string, index: number): ConfigInput['regions'][number]['endpoint'] {
  switch (kind) {
    case 'host name':
      return `https://${id}.matrix.example`;
    case 'address':
      return `https://192.0.2.${index + 1}`;
    case 'load balancer':
      return { loadBalancer: `https://api-1.${id}.elb.amazonaws.com`, hostedZoneId: 'Z1LMS91P8CMLE5' };
  }
}

/** Japan at the second Region, everybody else at the first; the first two keep their data apart from the rest. */
function geolocation(count: Count): NonNullable<ConfigInput['routing']> {
  const [first = '', second = '', ...others] = IDS.slice(0, count);
  return {
    policy: 'geolocation',
    locations: [
      { location: '*', region: first },
      { location: 'JP', region: second },
      ...others.slice(0, 1).map((region) => ({ location: 'continent:OC', region })),
    ],
    residency: [[first, second], ...(others.length === 0 ? [] : [others])],
  };
}
