import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { guardiansOf } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedFleet } from '../../core/fleet/fleet-types.ts';
import { FLEET_MACHINES } from '../../state-machines/contracts.ts';
import { CoordinationTable } from '../constructs/coordination-table.ts';
import { GuardianBucket } from '../constructs/guardian-bucket.ts';
import { OperationMachine } from '../constructs/operation-machine.ts';
import { FleetChecks } from './fleet-checks.ts';
import { FleetSteps, type FleetSurroundings } from './fleet-steps.ts';

/** Properties of a stack in one of the fleet's Regions. */
export interface FleetRegionStackProps extends FleetSurroundings {
  readonly region: string;
}

/** What the fleet agrees by, and the checks of its switches: where its members' records are deployed too. */
export class FleetStack extends Stack {
  constructor(scope: Construct, { fleet, bundles }: FleetSurroundings) {
    const config = { application: names.fleetApplication(fleet.fleet) };
    super(scope, names.stack(config, 'coordination'), {
      ...(fleet.coordination.replicas[0] === undefined ? {} : { env: { region: fleet.coordination.replicas[0] } }),
      description: `Switchyard: coordination and switches of the fleet ${fleet.fleet}`,
      terminationProtection: true,
    });
    new CoordinationTable(this, 'Coordination', { config, ...fleet.coordination });
    new FleetChecks(this, 'Checks', { fleet, bundles });
  }
}

/** The fleet's machines in an application Region: every one has them, since an evacuation runs where traffic goes to. */
export class FleetRegionStack extends Stack {
  constructor(scope: Construct, { fleet, bundles, region }: FleetRegionStackProps) {
    const config = { application: names.fleetApplication(fleet.fleet) };
    super(scope, names.stack(config, `region-${region}`), {
      env: { region },
      description: `Switchyard: evacuation of the fleet ${fleet.fleet} to ${region}`,
    });
    const steps = new FleetSteps(this, 'Steps', { fleet, bundles });
    for (const machine of FLEET_MACHINES) {
      new OperationMachine(this, `Machine-${machine}`, { config, machine, steps, runsMaps: true });
    }
    addGuardian(this, fleet, region);
  }
}

/** A vantage Region that keeps switches of the fleet. */
export class FleetGuardianStack extends Stack {
  constructor(scope: Construct, { fleet, region }: Omit<FleetRegionStackProps, 'bundles'>) {
    const config = { application: names.fleetApplication(fleet.fleet) };
    super(scope, names.stack(config, `vantage-${region}`), {
      env: { region },
      description: `Switchyard: switches of the fleet ${fleet.fleet} in ${region}`,
    });
    addGuardian(this, fleet, region);
  }
}

/** Whether a Region keeps a switch of the fleet. */
export function guardsFleet(fleet: ResolvedFleet, region: string): boolean {
  return fleet.regions.some((ward) => guardiansOf(fleet, ward).includes(region));
}

function addGuardian(stack: Stack, fleet: ResolvedFleet, region: string): void {
  const config = { application: names.fleetApplication(fleet.fleet) };
  if (guardsFleet(fleet, region)) new GuardianBucket(stack, 'Guardian', { config, switches: names.fleetKey('*') });
}
