import type { StackReader } from '../../adapters/aws/cloudformation-stacks.ts';
import type { ResourceChange } from '../../adapters/aws/custom-resource-handler.ts';
import type { StateReader } from '../../adapters/aws/dynamodb-state-reader.ts';
import type { ParameterReader } from '../../adapters/aws/ssm-parameters.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { deploymentProblems, guardedRecordNames } from '../../core/deployment/deployment-problems.ts';
import { RefusedInputError, SwitchyardError } from '../../core/errors.ts';
import type { Clock, RecordStore } from '../../core/ports.ts';
import { desiredWeights } from '../../core/routing/weights.ts';

const TRIES = 5;
const PAUSE_MS = 2_000;

/** What the function is made of. */
export interface GuardDeploymentContext {
  readonly config: ResolvedConfig;
  readonly stacks: StackReader;
  readonly state: StateReader;
  readonly records: Pick<RecordStore, 'list'>;
  readonly parameters: ParameterReader;
  readonly clock: Clock;
}

/** That the deployment may go on, and why. */
export interface GuardedDeployment {
  readonly passed: 'in-order' | 'rolling-back';
}

/**
 * Refuses a deployment of the records while an operation runs, or while coordination state, records, parameters and the
 * weights of the change set disagree. It only reads. A rollback passes whatever it finds: refused, the stack would be
 * stuck, and the reconciler puts the weights right afterwards.
 *
 * @throws {RefusedInputError} `DEPLOYMENT_REFUSED` with everything that is in the way; what cannot be read is no consent,
 * so its error goes through.
 */
export function createGuardDeployment({
  config,
  stacks,
  state,
  records,
  parameters,
  clock,
}: GuardDeploymentContext): (change: ResourceChange) => Promise<GuardedDeployment> {
  return async ({ properties, stackId }) => {
    const status = await asked(() => stacks.status(stackId), clock);
    if (/ROLLBACK/.test(status)) return { passed: 'rolling-back' };
    const weights = desiredWeights(config, {}).map((desired) => names.weightParameter(config, desired));
    const [found, live, kept] = await Promise.all([
      state.find(),
      records.list(guardedRecordNames(config)),
      parameters.read(weights),
    ]);
    const problems = deploymentProblems(config, {
      state: found,
      live,
      parameters: kept,
      changeSet: weightsIn(properties),
      isFirst: status === 'CREATE_IN_PROGRESS',
      nowEpochMs: clock.nowEpochMs(),
    });
    if (problems.length > 0) {
      throw new RefusedInputError(`the deployment of ${config.record}`, problems, 'DEPLOYMENT_REFUSED');
    }
    return { passed: 'in-order' };
  };
}

/** Unanswered, a rollback would be refused like a deployment: that is worth some tries. */
async function asked(ask: () => Promise<string>, clock: Clock): Promise<string> {
  for (let tried = 1; ; tried++) {
    try {
      return await ask();
    } catch (error) {
      if (tried === TRIES || !(error instanceof SwitchyardError) || !error.retryable) throw error;
      await clock.sleep(PAUSE_MS);
    }
  }
}

/** CloudFormation makes text of every property; anything that is not a weight is left out and then found missing. */
function weightsIn(properties: unknown): ReadonlyMap<string, string> {
  const { Weights: list } = (properties ?? {}) as { readonly Weights?: unknown };
  const entries = (Array.isArray(list) ? list : []) as readonly {
    readonly Parameter?: unknown;
    readonly Weight?: unknown;
  }[];
  return new Map(entries.map(({ Parameter, Weight }) => [String(Parameter), String(Weight)]));
}
