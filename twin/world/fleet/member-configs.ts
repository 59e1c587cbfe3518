import { applicationRegions, homeRegion } from '../../../core/config/accessors.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { resolveFleet } from '../../../core/fleet/fleet-config.ts';
import type { ResolvedFleet } from '../../../core/fleet/fleet-types.ts';

/** A fleet of a rehearsal: the application with the whole world of clients, and others beside it. */
export interface FleetPlan {
  readonly fleet: ResolvedFleet;
  /** The application whose clients, observers and front doors there are; the fleet's sentinel. */
  readonly pilot: ResolvedConfig;
  /** The others. */
  readonly members: readonly ResolvedConfig[];
}

/** Members that share a hosted zone: a zone is a team's, and not everybody's. */
const MEMBERS_PER_ZONE = 20;
const FLEET_NAME = 'rehearsal';

/** A fleet of that many applications, all like the one of the config: its Regions, guardians, table Regions and data. */
export function planFleet(config: ResolvedConfig, applications: number): FleetPlan {
  const others = Array.from({ length: applications - 1 }, (_, index) => `member-${String(index + 1).padStart(4, '0')}`);
  const names = [config.application, ...others];
  const home = homeRegion(config).id;
  const evacuation = {
    ...config.evacuation,
    scopes: ['application', 'fleet'] as const,
    fleet: { name: FLEET_NAME, members: applications, sentinels: [config.application] },
  };
  const pilot = resolveConfig({ ...config, evacuation });
  return {
    pilot,
    members: others.map((application, index) => memberOf(pilot, application, index)),
    fleet: resolveFleet({
      fleet: FLEET_NAME,
      regions: [home, ...applicationRegions(config).filter((region) => region !== home)],
      vantages: config.vantages,
      coordination: { replicas: config.coordination?.replicas, witness: config.coordination?.witness },
      guardians: config.evacuation.guardians,
      members: names,
      sentinels: [config.application],
    }),
  };
}

/** Like the pilot, and not judged again: that it holds, the pilot's was judged for. */
function memberOf(pilot: ResolvedConfig, application: string, index: number): ResolvedConfig {
  const zone = Math.floor(index / MEMBERS_PER_ZONE);
  const hostedZoneName = `zone-${zone}.example`;
  return {
    ...pilot,
    application,
    hostedZoneName,
    hostedZoneId: `Z0ZONE${zone}`,
    record: `${application}.${hostedZoneName}`,
    data: pilot.data.adapter === 'aurora-global' ? { ...pilot.data, globalCluster: application } : pilot.data,
  };
}
