import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedFleet } from '../../core/fleet/fleet-types.ts';
import { FLEET_STEP_LIMITS, FLEET_STEPS, type FleetStep, placeholderOf } from '../../state-machines/contracts.ts';
import { BundledFunction } from '../constructs/switchyard-function.ts';
import { fleetGrantsOf } from '../permissions/fleet-grants.ts';

/** What all functions of a fleet have in common. */
export interface FleetSurroundings {
  readonly fleet: ResolvedFleet;
  /** Folder that holds a folder per bundle. */
  readonly bundles: string;
}

/** The functions of every step of a fleet's machines; one may take as long as its Task states wait for it. */
export class FleetSteps extends Construct {
  private readonly functions = new Map<FleetStep, IFunction>();

  constructor(scope: Construct, id: string, { fleet, bundles }: FleetSurroundings) {
    super(scope, id);
    for (const step of FLEET_STEPS) {
      const made = new BundledFunction(this, placeholderOf(step), {
        application: names.fleetApplication(fleet.fleet),
        name: step,
        bundles,
        description: `The step ${step} of a fleet's operation.`,
        timeout: Duration.seconds(FLEET_STEP_LIMITS[step].timeoutSeconds),
        grants: (site) => fleetGrantsOf(step, { fleet, ...site }),
      });
      this.functions.set(step, made.function);
    }
  }

  /** The function that a placeholder of a definition stands for. */
  functionFor(placeholder: string): IFunction {
    const found = [...this.functions].find(([step]) => placeholderOf(step) === placeholder);
    if (found !== undefined) return found[1];
    const allowed = FLEET_STEPS.map(placeholderOf).join(', ');
    throw new RangeError(
      `no step of a fleet has this placeholder (found "${placeholder}"; allowed: ${allowed}); correct the definition, or add the step to FLEET_STEP_LIMITS`,
    );
  }
}
