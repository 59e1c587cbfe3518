import { type App, Tags } from 'aws-cdk-lib';
import type { ResolvedFleet } from '../../core/fleet/fleet-types.ts';
import { FleetGuardianStack, FleetRegionStack, FleetStack, guardsFleet } from './fleet-stacks.ts';

/**
 * Adds the stacks of a fleet to an app. Its members know it by names only; they are deployed after it, since they read
 * the ids of its health checks, and removed before it.
 *
 * @param bundles folder that holds a folder per bundled function
 */
export function buildFleet(app: App, fleet: ResolvedFleet, bundles: string): void {
  Tags.of(app).add('switchyard:fleet', fleet.fleet);
  new FleetStack(app, { fleet, bundles });
  for (const region of fleet.regions) new FleetRegionStack(app, { fleet, bundles, region });
  for (const region of fleet.vantages) {
    if (guardsFleet(fleet, region)) new FleetGuardianStack(app, { fleet, region });
  }
}
