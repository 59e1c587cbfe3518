import { applicationRegions, homeRegion } from '../core/config/accessors.ts';
import { resolveConfig } from '../core/config/resolve.ts';
import { resolveFleet } from '../core/fleet/fleet-config.ts';
import { FUNCTIONS } from '../lib/functions.ts';
import { fleetGrantsOf } from '../lib/permissions/fleet-grants.ts';
import { grantsOf } from '../lib/permissions/function-grants.ts';
import { type Grant, resourcesOf, wideResourcesOf } from '../lib/permissions/grant.ts';
import { reconcileGrantsOf } from '../lib/permissions/reconcile-grants.ts';
import { machineGrants, runtimeGrants } from '../lib/permissions/runtime-grants.ts';
import { FLEET_STEPS } from '../state-machines/contracts.ts';
import { RECONCILE_STEPS } from '../state-machines/contracts-reconcile.ts';
import storefront from '../switchyard.config.ts';
import { markdownTable } from './markdown-table.ts';

const SITE = {
  config: storefront,
  deployment: { account: '<account>', partition: 'aws' },
  topicKeyArn: '<key of the topic>',
};

/** A statement, and a role that has it. */
interface Held {
  readonly holder: string;
  readonly grant: Grant;
}

/** Every statement of every function's role in one Region, but for those that all have. */
function heldIn(region: string): readonly Held[] {
  return FUNCTIONS.flatMap((name) => grantsOf(name, { ...SITE, region }).map((grant) => ({ holder: name, grant })));
}

/** What functions may do besides logging and tracing: each purpose, its actions, and who has it, in the home Region. */
export function renderPurposes(): string {
  const held = Object.groupBy(heldIn(homeRegion(storefront).id), ({ grant }) => grant.purpose);
  const rows = Object.entries(held).map(([purpose, those = []]) => [
    purpose,
    codes(unique(those.flatMap(({ grant }) => grant.actions))),
    codes(unique(those.flatMap(({ grant }) => resourcesOf(grant)))),
    holdersOf(those),
  ]);
  return markdownTable(['for', 'actions', 'on', 'functions'], rows);
}

/** A fleet of the example's Regions: what its functions may do does not depend on who its members are. */
const FLEET = resolveFleet({
  fleet: 'shop',
  regions: applicationRegions(storefront),
  vantages: [...storefront.vantages],
  coordination: {
    replicas: [...(storefront.coordination?.replicas ?? [])],
    ...(storefront.coordination?.witness === undefined ? {} : { witness: storefront.coordination.witness }),
  },
  members: [storefront.application],
  sentinels: [storefront.application],
});

/** The same for the functions of a fleet, in its first Region. */
export function renderFleetPurposes(): string {
  const { deployment } = SITE;
  const [region = ''] = FLEET.regions;
  const held = FLEET_STEPS.flatMap((name) =>
    fleetGrantsOf(name, { fleet: FLEET, deployment, region }).map((grant) => ({ holder: name, grant })),
  );
  return purposesWithReasons(held);
}

/** The example, had it data to compare: in a database of each Region, or in tables of DynamoDB. */
const COMPARED = [
  {
    store: {
      kind: 'postgres',
      connections: { 'ap-southeast-1': { secret: 'orders/singapore' }, 'ap-northeast-1': { secret: 'orders/tokyo' } },
    },
  },
  {
    store: { kind: 'dynamodb' },
    entities: { orders: { policy: 'merge', mergeFunction: 'merge-orders', tombstones: { table: 'deleted-orders' } } },
  },
];

/** The same for the functions of a reconciliation in the home Region, whatever holds the data. */
export function renderReconcilePurposes(): string {
  const region = homeRegion(storefront).id;
  const held = COMPARED.flatMap((reconcile) => {
    const site = { ...SITE, config: resolveConfig({ ...storefront, reconcile }), region };
    return RECONCILE_STEPS.flatMap((name) => reconcileGrantsOf(name, site).map((grant) => ({ holder: name, grant })));
  });
  return purposesWithReasons(held);
}

/** With the reason where a statement names what it is for by a pattern. */
function purposesWithReasons(held: readonly Held[]): string {
  const rows = Object.entries(Object.groupBy(held, ({ grant }) => grant.purpose)).map(([purpose, those = []]) => [
    purpose,
    codes(unique(those.flatMap(({ grant }) => grant.actions))),
    codes(unique(those.flatMap(({ grant }) => resourcesOf(grant)))),
    codes(unique(those.map(({ holder }) => holder))),
    unique(those.flatMap(({ grant }) => wideResourcesOf(grant).map(({ because }) => because))).join('; ') || '–',
  ]);
  return markdownTable(['for', 'actions', 'on', 'functions', 'wildcards, since'], rows);
}

/** Everything that a role may do on more than one thing, and why: the reasons that answer cdk-nag. */
export function renderWideResources(): string {
  const everywhere = [
    ...applicationRegions(storefront).flatMap(heldIn),
    ...runtimeGrants('<log group>').map((grant) => ({ holder: 'every function', grant })),
    ...machineGrants([]).map((grant) => ({ holder: 'the machines', grant })),
  ];
  const wide = everywhere.flatMap(({ holder, grant }) =>
    wideResourcesOf(grant).map(({ resource, because }) => ({ holder, grant, resource, because })),
  );
  const rows = Object.values(Object.groupBy(wide, ({ because }) => because)).map((those = []) => [
    codes(unique(those.flatMap(({ grant }) => grant.actions))),
    codes(unique(those.map(({ resource }) => resource))),
    those[0]?.because ?? '',
    holdersOf(those),
  ]);
  return markdownTable(['actions', 'on', 'since', 'held by'], rows);
}

function holdersOf(those: readonly { readonly holder: string }[]): string {
  const holders = unique(those.map(({ holder }) => holder));
  const most = FUNCTIONS.filter((name) => !holders.includes(name));
  // A list of nearly all is read faster by those that it lacks.
  if (holders.length > FUNCTIONS.length / 2) return `all but ${codes(most)}`;
  return holders.map((holder) => (holder.includes(' ') ? holder : `\`${holder}\``)).join(', ');
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function codes(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join(', ');
}
