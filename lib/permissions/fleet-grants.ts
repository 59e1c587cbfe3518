import { guardiansOf } from '../../core/config/accessors.ts';
import { type Deployment, names } from '../../core/config/names.ts';
import type { ResolvedFleet } from '../../core/fleet/fleet-types.ts';
import type { FleetStep } from '../../state-machines/contracts.ts';
import type { Grant } from './grant.ts';

/** Where a function of a fleet runs, and for which; account and partition may be tokens. */
export interface FleetSite {
  readonly fleet: ResolvedFleet;
  readonly deployment: Deployment;
  readonly region: string;
}

const MANY_MEMBERS = 'a role cannot name a thousand members one by one: a policy has 10,240 characters at most';

/** What a function of a fleet may be able to do, and the statements that takes; each follows from the calls of its port. */
const CAPABILITIES = {
  coordinate: (site: FleetSite): readonly Grant[] => [
    {
      purpose: 'Coordinate',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      resources: tables(site, ownName(site)),
    },
  ],
  readMembers: (site: FleetSite): readonly Grant[] => [
    {
      purpose: 'ReadMembers',
      actions: ['dynamodb:GetItem'],
      resources: tables(site, '*'),
      patternBecause: MANY_MEMBERS,
    },
  ],
  changeMembers: (site: FleetSite): readonly Grant[] => [
    {
      purpose: 'ChangeMembers',
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      resources: tables(site, '*'),
      patternBecause: MANY_MEMBERS,
    },
  ],
  startMembers: ({ deployment, region }: FleetSite): readonly Grant[] => {
    const machine = names.stateMachineArn({ application: '*' }, deployment, { region, machine: 'failover' });
    const execution = `${machine.replace(':stateMachine:', ':execution:')}:*`;
    return [
      {
        purpose: 'StartMembers',
        actions: ['states:StartExecution'],
        resources: [machine],
        patternBecause: MANY_MEMBERS,
      },
      {
        purpose: 'LookAtMembers',
        actions: ['states:DescribeExecution'],
        resources: [execution],
        patternBecause: MANY_MEMBERS,
      },
    ];
  },
  flip: (site: FleetSite): readonly Grant[] => [
    { purpose: 'Flip', actions: ['s3:GetObject', 's3:PutObject'], resources: fleetObjects(site) },
    { purpose: 'FindSwitches', actions: ['s3:ListBucket'], resources: buckets(site, ownName(site)) },
  ],
  // A conditional delete asks for GetObject too: conditional-delete-enforce in the S3 User Guide.
  release: (site: FleetSite): readonly Grant[] => [
    { purpose: 'Release', actions: ['s3:DeleteObject', 's3:GetObject'], resources: fleetObjects(site) },
    { purpose: 'FindSwitches', actions: ['s3:ListBucket'], resources: buckets(site, ownName(site)) },
  ],
  setMemberSwitches: (site: FleetSite): readonly Grant[] => [
    {
      purpose: 'SetMemberSwitches',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: buckets(site, '*').map((bucket) => `${bucket}/evacuate/*`),
      patternBecause: MANY_MEMBERS,
    },
    {
      purpose: 'FindMemberSwitches',
      actions: ['s3:ListBucket'],
      resources: buckets(site, '*'),
      patternBecause: MANY_MEMBERS,
    },
  ],
} as const;
type Capability = keyof typeof CAPABILITIES;

/** What each function of a fleet may be able to do: the ports that its `index.ts` wires. */
export const FLEET_CAPABILITIES: Readonly<Record<FleetStep, readonly Capability[]>> = {
  'open-fleet': ['coordinate'],
  'start-member': ['coordinate', 'startMembers'],
  'check-member': ['readMembers'],
  'judge-fleet': ['coordinate'],
  'flip-fleet': ['coordinate', 'flip'],
  'take-over-switch': ['changeMembers', 'setMemberSwitches'],
  'release-fleet': ['coordinate', 'release'],
  'close-fleet': ['coordinate'],
};

/** The statements of the role of a fleet's function where it runs, besides those that every function has. */
export function fleetGrantsOf(name: FleetStep, site: FleetSite): readonly Grant[] {
  return FLEET_CAPABILITIES[name].flatMap((capability) => CAPABILITIES[capability](site));
}

function ownName({ fleet }: FleetSite): string {
  return names.fleetApplication(fleet.fleet);
}

/** Every replica: a function goes on with another one where the nearest does not answer. */
function tables({ fleet, deployment: { account, partition } }: FleetSite, application: string): readonly string[] {
  const table = names.coordinationTable({ application });
  return fleet.coordination.replicas.map((region) => `arn:${partition}:dynamodb:${region}:${account}:table/${table}`);
}

function buckets({ fleet, deployment }: FleetSite, application: string): readonly string[] {
  const guardians = new Set(fleet.regions.flatMap((ward) => guardiansOf(fleet, ward)));
  return [...guardians].map(
    (guardian) => `arn:${deployment.partition}:s3:::${names.guardianBucket({ application }, deployment, guardian)}`,
  );
}

function fleetObjects({ fleet, deployment }: FleetSite): readonly string[] {
  const application = names.fleetApplication(fleet.fleet);
  return fleet.regions.flatMap((ward) =>
    guardiansOf(fleet, ward).map((guardian) => {
      const bucket = names.guardianBucket({ application }, deployment, guardian);
      return `arn:${deployment.partition}:s3:::${bucket}/${names.fleetKey(ward)}`;
    }),
  );
}
