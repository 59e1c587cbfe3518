import { describe, expect, it } from 'vitest';
import { homeRegion, traitsOf } from '../../../core/config/accessors.ts';
import { parseEndpoint } from '../../../core/config/endpoint.ts';
import { names } from '../../../core/config/names.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { adviseRecordSets } from '../../../core/routing/advise-record-sets.ts';
import { recordTypeOf } from '../../../core/routing/compile/weighted-group.ts';
import { allWeightOn, mayStandInFor } from '../../../core/routing/weights.ts';
import type { DnsClient } from '../../../twin/route53/answering/dns-client.ts';
import { ENDPOINT_KINDS, endpointOf, PRESET_MATRIX } from '../../_fixtures/preset-matrix.ts';
import { problemsOfTree, serveTree, type Trouble, treeOf } from '../../_helpers/served-tree.ts';

type Shares = Readonly<Record<string, number>>;

const only = (...values: readonly string[]): Shares => Object.fromEntries(values.map((value) => [value, 1]));
const evenly = (values: readonly string[]): Shares =>
  Object.fromEntries(values.map((value) => [value, expect.closeTo(1 / values.length, 9)]));
const ids = ({ regions }: ResolvedConfig): readonly string[] => regions.map(({ id }) => id);

function endpointIn(config: ResolvedConfig, id: string): string {
  const target = config.regions
    .filter((region) => region.id === id)
    .map(({ endpoint }) => parseEndpoint(endpoint).target)[0];
  switch (target?.kind) {
    case 'hostname':
      return target.hostname;
    case 'address':
      return target.address;
    case 'load-balancer':
      return target.dnsName;
    case undefined:
      return '';
  }
}

/** A client for whom one Region is the closest. */
function near(config: ResolvedConfig, id: string): DnsClient {
  return { latencyMs: Object.fromEntries(ids(config).map((other) => [other, other === id ? 5 : 50])) };
}

const served = (config: ResolvedConfig, trouble: Trouble = {}, client: DnsClient = {}): Shares =>
  serveTree(config, treeOf(config), trouble).shares(client);

const cellsOf = (fits: (config: ResolvedConfig) => boolean) => PRESET_MATRIX.filter(({ config }) => fits(config));

describe.each(PRESET_MATRIX)('the records of $name', ({ input, config }) => {
  const { roles, front } = traitsOf(config);
  const kinds = front === 'accelerator' ? ENDPOINT_KINDS.slice(0, 1) : ENDPOINT_KINDS;
  const lastResorts = roles === 'one-primary' || front === 'accelerator' ? [undefined, ['192.0.2.200']] : [undefined];
  const variants = kinds.flatMap((kind) => lastResorts.map((addresses) => ({ kind, addresses })));

  it.each(variants)('are taken by Route 53 as $kind with the last resort $addresses', ({ kind, addresses }) => {
    const { lastResort: _, ...rest } = input;
    const variant = resolveConfig({
      ...rest,
      regions: input.regions.map((region, index) => ({ ...region, endpoint: endpointOf(kind, region.id, index) })),
      ...(addresses === undefined ? {} : { lastResort: { addresses } }),
    });
    const tree = treeOf(variant);
    expect(problemsOfTree(variant, tree)).toEqual([]);
    expect(adviseRecordSets(tree.records)).toEqual([]);
    const used = [
      ...tree.records.flatMap(({ HealthCheckId }) => HealthCheckId ?? []),
      ...tree.healthChecks.flatMap(({ config: { ChildHealthChecks } }) => ChildHealthChecks ?? []),
    ];
    expect(tree.healthChecks.map(({ id }) => id).toSorted()).toEqual([...new Set(used)].toSorted());
  });
});

describe.each(cellsOf((config) => traitsOf(config).leavesBySwitchOnly))('$name answers', ({ config }) => {
  const [primary = '', target = '', ...others] = ids(config);

  it('with the primary while all is well, and when its front door is down: DNS does not leave by itself', () => {
    expect(served(config)).toEqual(only(endpointIn(config, primary)));
    expect(served(config, { down: [primary] })).toEqual(only(endpointIn(config, primary)));
  });

  it('with the target alone once the switches are set, before any record was written', () => {
    expect(served(config, { evacuated: [primary, ...others] })).toEqual(only(endpointIn(config, target)));
  });

  it('with the target alone once the records are written, the other standbys let in again', () => {
    const tree = treeOf(config, allWeightOn(config, target));
    expect(serveTree(config, tree, { evacuated: [primary] }).shares()).toEqual(only(endpointIn(config, target)));
  });
});

describe.each(
  cellsOf(
    (config) =>
      traitsOf(config).roles === 'all-active' && config.accelerator === undefined && config.routing === undefined,
  ),
)('$name answers', ({ config }) => {
  it.each(ids(config))('a client close to %s with it, and with the others once it is left', (id) => {
    const others = evenly(
      ids(config)
        .filter((other) => other !== id)
        .map((other) => endpointIn(config, other)),
    );
    const client = near(config, id);
    expect(served(config, {}, client)).toEqual(only(endpointIn(config, id)));
    expect(served(config, { evacuated: [id] }, client)).toEqual(others);
    expect(served(config, { down: [id] }, client)).toEqual(others);
  });
});

describe.each(cellsOf(({ routing }) => routing?.policy === 'geolocation'))('$name answers', ({ config }) => {
  const places: readonly (readonly [place: string, client: DnsClient, index: number])[] = [
    ['Japan', { country: 'JP', continent: 'AS' }, 1],
    ['Brazil', { country: 'BR', continent: 'SA' }, 0],
    ['Australia', { country: 'AU', continent: 'OC' }, config.regions.length > 2 ? 2 : 0],
  ];

  it.each(places)(
    'a client in %s from its residency group alone, even when all of that is left',
    (_, client, index) => {
      const own = ids(config)[index] ?? '';
      const standIns = mayStandInFor(config, own).map((id) => endpointIn(config, id));
      const group = [own, ...mayStandInFor(config, own)];
      expect(served(config, {}, client)).toEqual(only(endpointIn(config, own)));
      const left = served(config, { evacuated: [own] }, client);
      expect(left).toEqual(standIns.length === 0 ? only(endpointIn(config, own)) : evenly(standIns));
      const inside = Object.keys(served(config, { evacuated: group }, client));
      expect(group.map((id) => endpointIn(config, id))).toEqual(expect.arrayContaining(inside));
    },
  );
});

describe.each(cellsOf(({ preset }) => preset === 'dns-failover'))('$name answers', ({ config }) => {
  it('with the primary, and with the standbys evenly when its front door is down', () => {
    const home = homeRegion(config).id;
    const standbys = ids(config).filter((id) => id !== home);
    expect(served(config)).toEqual(only(endpointIn(config, home)));
    expect(served(config, { down: [home] })).toEqual(evenly(standbys.map((id) => endpointIn(config, id))));
  });
});

describe.each(cellsOf(({ accelerator }) => accelerator !== undefined))('$name answers', ({ config }) => {
  it('with the accelerator, which leaves a Region by itself, whichever of them is down', () => {
    const accelerator = only(config.accelerator?.dnsName ?? '');
    expect(served(config)).toEqual(accelerator);
    for (const id of ids(config)) expect(served(config, { down: [id] })).toEqual(accelerator);
  });
});

describe.each(cellsOf(({ lastResort }) => lastResort !== undefined))('$name answers', ({ config }) => {
  it('with the last resort when no front door answers, and not before', () => {
    const addresses = config.lastResort?.addresses ?? [];
    const site = only(...(recordTypeOf(config) === 'CNAME' ? [names.lastResortRecord(config)] : addresses));
    expect(served(config, { down: ids(config) })).toEqual(site);
    expect(served(config, { down: ids(config).slice(0, -1) })).not.toEqual(site);
  });
});
