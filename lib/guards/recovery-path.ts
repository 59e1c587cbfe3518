import { applicationRegions } from '../../core/config/accessors.ts';
import type { Problem } from '../../core/errors.ts';
import { endpointRegion, namesGlobalEndpoint, servedFrom } from './control-planes.ts';
import type { AllowStatement, Guard, GuardedRole } from './guard.ts';

const SOURCE = 'https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html';
const BEST_EFFORT =
  'move the call into one of the functions in RECORD_FUNCTIONS (lib/functions.ts), which are best effort';

/**
 * Leaving a Region needs no control plane of another one, and nothing that only the Region to be left serves: who is on
 * the recovery path and may call such an API would sooner or later come to depend on it. Judged on the roles as they are
 * about to be deployed.
 */
export const recoveryPath: Guard = ({ config, roles }) =>
  roles
    .filter(({ onRecoveryPath }) => onRecoveryPath)
    .flatMap((role) => {
      const guarded = applicationRegions(config).filter((region) => region !== role.region);
      return [...unread(role), ...controlPlanes(role), ...onlyIn(role, guarded), ...endpoints(role, guarded)];
    });

function controlPlanes({ path, statements }: GuardedRole): readonly Problem[] {
  const actions = new Set(statements.flatMap((statement) => statement.actions));
  return [...actions].flatMap((action) => {
    const region = servedFrom(action);
    if (region === undefined) return [];
    return [
      {
        path,
        message: `is on the recovery path and may call a control plane in ${region}`,
        value: action,
        allowed: 'actions that the Region it runs in serves',
        remedy: action.includes('*') ? `name exact actions, or ${BEST_EFFORT}` : BEST_EFFORT,
        source: SOURCE,
      },
    ];
  });
}

/** What cannot be read here, or allows all but a few actions, may hold anything. */
function unread({ path, statements, managedPolicies }: GuardedRole): readonly Problem[] {
  const allowed = 'statements of its own that name exact actions';
  return [
    ...managedPolicies.map((arn) => ({
      path,
      message: 'is on the recovery path and has a policy whose actions are not in the template',
      value: arn,
      allowed,
      remedy: 'grant what it needs (lib/permissions)',
      source: SOURCE,
    })),
    ...statements
      .filter(({ notActions }) => notActions.length > 0)
      .map(({ notActions }) => ({
        path,
        message: 'is on the recovery path and may do everything but',
        value: notActions,
        allowed,
        remedy: 'name the actions that it needs',
        source: SOURCE,
      })),
  ];
}

/** A statement all of whose resources lie in one Region that may have to be left leaves nothing to go on with. */
function onlyIn({ path, statements }: GuardedRole, guarded: readonly string[]): readonly Problem[] {
  return statements.flatMap((statement) => {
    const region = oneRegion(statement);
    if (region === undefined || !guarded.includes(region)) return [];
    return [
      {
        path,
        message: `is on the recovery path and reaches something in ${region} alone, which may be the Region to leave`,
        value: statement.resources,
        allowed: 'resources of its own Region, or of several',
        remedy: 'name the same resource in another Region too, or leave it to a function off the recovery path',
        source: SOURCE,
      },
    ];
  });
}

function oneRegion({ resources }: AllowStatement): string | undefined {
  const regions = new Set(resources.map((arn) => arn.split(':')[3] ?? ''));
  return regions.size === 1 ? [...regions][0] : undefined;
}

function endpoints({ path, environment }: GuardedRole, guarded: readonly string[]): readonly Problem[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    const region = endpointRegion(value);
    const elsewhere = region !== undefined && guarded.includes(region);
    if (!elsewhere && !namesGlobalEndpoint([name, value])) return [];
    return [
      {
        path: `${path}.environment.${name}`,
        message: `is on the recovery path and names an endpoint ${elsewhere ? `in ${region}` : 'without a Region'}`,
        value,
        allowed: 'endpoints of the Region it runs in',
        remedy: 'remove it: the SDK calls the endpoints of its own Region',
        source: SOURCE,
      },
    ];
  });
}
