import type { Problem } from '../../errors.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';
import { PRESET_TRAITS } from '../preset.ts';
import { STRONG_CONSISTENCY_MEMBERS, STRONG_CONSISTENCY_SETS } from '../region-facts.ts';
import type { ParsedConfig } from '../types.ts';

const MRSC = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html';
const STOP =
  'https://aws.amazon.com/blogs/networking-and-content-delivery/creating-disaster-recovery-mechanisms-using-amazon-route-53/';

/** Rules on the coordination table and on who guards whose evacuation switch. */
export const coordinationRules: readonly CrossFieldRule[] = [
  rule({
    source: 'a lease needs a table that outlives a Region',
    needs: ['preset', 'coordination'],
    check: ({ preset, coordination }) =>
      coordination !== undefined || !PRESET_TRAITS[preset].orchestrated
        ? []
        : [
            {
              path: 'coordination',
              message: `is required for the preset "${preset}"`,
              remedy: 'name two replicas and a witness, or three replicas, of one Region set',
            },
          ],
  }),
  rule({
    source: MRSC,
    needs: ['coordination'],
    check: ({ coordination }) => (coordination === undefined ? [] : strongMembership(coordination)),
  }),
  rule({
    source: STOP,
    needs: ['regions', 'vantages', 'evacuation', 'preset'],
    check: ({ regions, vantages, evacuation, preset }) => {
      const wards = regions.map(({ id }) => id);
      const hosts = [...wards, ...vantages];
      if (!PRESET_TRAITS[preset].orchestrated) return [];
      return guardianRules(wards, hosts, evacuation.guardians);
    },
  }),
  rule({
    source: 'https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.about.html',
    needs: ['evacuation', 'regions', 'preset'],
    check: ({ evacuation, regions, preset }) =>
      PRESET_TRAITS[preset].orchestrated
        ? routingControlProblems(
            evacuation,
            regions.map(({ id }) => id),
          )
        : [],
  }),
  rule({
    source: 'docs/evacuation-switches.md',
    needs: ['evacuation', 'preset', 'application'],
    check: ({ evacuation, preset, application }) => fleetProblems(evacuation, { preset, application }),
  }),
];

function routingControlProblems(
  { kind, routingControls }: ParsedConfig['evacuation'],
  regions: readonly string[],
): readonly Problem[] {
  const path = 'evacuation.routingControls';
  if (kind !== 'arc') {
    const remedy = 'set evacuation.kind to "arc", or remove it';
    return routingControls === undefined ? [] : [{ path, message: `has no effect for the kind "${kind}"`, remedy }];
  }
  if (routingControls === undefined) {
    return [
      { path, message: 'is required for the kind "arc"', remedy: 'name the five endpoints and a control per Region' },
    ];
  }
  const { controls, endpoints } = routingControls;
  const allowed = regions.join(', ');
  return [
    ...regions
      .filter((region) => controls[region] === undefined)
      .map((region) => ({
        path: `${path}.controls.${region}`,
        message: 'is missing',
        remedy: 'name its routing control',
      })),
    ...Object.keys(controls)
      .filter((region) => !regions.includes(region))
      .map((region) => ({
        path: `${path}.controls.${region}`,
        message: 'is not an application Region',
        allowed,
        remedy: 'remove it',
      })),
    ...endpoints.flatMap(({ url }, index) =>
      endpoints.findIndex((other) => other.url === url) === index
        ? []
        : [
            {
              path: `${path}.endpoints[${index}].url`,
              message: 'is listed twice',
              value: url,
              remedy: 'list each endpoint once',
            },
          ],
    ),
  ];
}

function fleetProblems(
  { scopes, fleet, kind }: ParsedConfig['evacuation'],
  { preset, application }: Pick<ParsedConfig, 'preset' | 'application'>,
): readonly Problem[] {
  const inScope = scopes.includes('fleet');
  const stray = { path: 'evacuation.fleet', remedy: 'add "fleet" to evacuation.scopes, or remove it' };
  return [
    ...(inScope && fleet === undefined
      ? [
          {
            path: 'evacuation.fleet',
            message: 'is required for the scope "fleet"',
            remedy: 'name the fleet and its size',
          },
        ]
      : []),
    ...(!inScope && fleet !== undefined ? [{ ...stray, message: 'has no effect without the scope "fleet"' }] : []),
    ...(inScope && !PRESET_TRAITS[preset].orchestrated
      ? [
          {
            path: 'evacuation.scopes',
            message: `names a fleet, and nothing is orchestrated under the preset "${preset}"`,
            value: scopes,
            allowed: 'application',
            remedy: 'remove "fleet", or choose another preset',
          },
        ]
      : []),
    // The release of a fleet sets members' own switches, in their guardian buckets: what it set there would keep nobody out.
    ...(inScope && kind !== 's3'
      ? [
          {
            path: 'evacuation.kind',
            message: 'is a switch that the release of a fleet cannot set for its members',
            value: kind,
            allowed: 's3',
            remedy: 'set it to "s3", or remove "fleet" from evacuation.scopes',
          },
        ]
      : []),
    ...(application.startsWith('fleet-')
      ? [
          {
            path: 'application',
            message: "begins as the names of fleets' resources do",
            value: application,
            remedy: 'choose a name that does not begin with "fleet-"',
          },
        ]
      : []),
  ];
}

/** Whether a table can be multi-Region strongly consistent with these members. */
export function strongMembership(coordination: {
  readonly replicas: readonly string[];
  readonly witness?: string | undefined;
}): readonly Problem[] {
  const { replicas, witness } = coordination;
  const members = [...replicas, ...(witness === undefined ? [] : [witness])];
  const allowed = STRONG_CONSISTENCY_SETS.map((set) => `(${set.join(', ')})`).join(' or ');
  const problems: Problem[] = [];
  if (new Set(members).size !== STRONG_CONSISTENCY_MEMBERS || replicas.length < 2) {
    problems.push({
      path: 'coordination',
      message: 'must name three different Regions: two replicas and a witness, or three replicas',
      value: members,
      remedy: 'add or remove a member',
    });
  }
  if (!STRONG_CONSISTENCY_SETS.some((set) => members.every((member) => set.includes(member)))) {
    problems.push({
      path: 'coordination',
      message: 'spans Regions that cannot form one strongly consistent table',
      value: members,
      allowed: `three of ${allowed}`,
      remedy: 'take all members from one set; they need not be the Regions of the application',
    });
  }
  return problems;
}

/** Two guardians for every ward, neither of them the ward itself, each where something is deployed. */
export function guardianRules(
  wards: readonly string[],
  hosts: readonly string[],
  guardians: Readonly<Record<string, readonly string[]>> | undefined,
): readonly Problem[] {
  return guardians === undefined ? enoughGuardians(hosts) : guardianProblems(wards, hosts, guardians);
}

function enoughGuardians(hosts: readonly string[]): readonly Problem[] {
  if (new Set(hosts).size >= 3) return [];
  return [
    {
      path: 'vantages',
      message: 'two guardians outside each Region are needed, and only two Regions are named in all',
      value: hosts,
      remedy: 'add a vantage Region',
    },
  ];
}

function guardianProblems(
  wards: readonly string[],
  hosts: readonly string[],
  guardians: Readonly<Record<string, readonly string[]>>,
): readonly Problem[] {
  const strangers = Object.keys(guardians).filter((ward) => !wards.includes(ward));
  return [
    ...strangers.map((ward) => ({
      path: `evacuation.guardians.${ward}`,
      message: 'is not an application Region',
      allowed: wards.join(', '),
      remedy: 'remove it',
    })),
    ...wards.flatMap((ward) => guardiansOf(ward, hosts, guardians[ward] ?? [])),
  ];
}

function guardiansOf(ward: string, hosts: readonly string[], named: readonly string[]): readonly Problem[] {
  const path = `evacuation.guardians.${ward}`;
  const allowed = [...new Set(hosts)].filter((host) => host !== ward).join(', ');
  const count: Problem[] =
    new Set(named).size === 2 && named.length === 2
      ? []
      : [{ path, message: 'must name two different guardians', value: named, allowed, remedy: 'name exactly two' }];
  const self: Problem[] = named.includes(ward)
    ? [
        {
          path,
          message: 'names the Region itself; a dead Region cannot hold its own switch',
          value: ward,
          allowed,
          remedy: 'name another guardian',
        },
      ]
    : [];
  const unknown = named
    .filter((guardian) => guardian !== ward && !hosts.includes(guardian))
    .map((guardian) => ({
      path,
      message: 'names a guardian in which nothing is deployed',
      value: guardian,
      allowed,
      remedy: 'name an application or vantage Region',
    }));
  return [...count, ...self, ...unknown];
}
