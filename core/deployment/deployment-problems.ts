import { names } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { Problem } from '../errors.ts';
import { type ApplicationState, initialState, isHeld, type Phase } from '../operation/application-state.ts';
import { findLiveRecord } from '../routing/change-batch.ts';
import { recordTypeOf } from '../routing/compile/weighted-group.ts';
import { canonicalName } from '../routing/dns-name.ts';
import type { ResourceRecordSet } from '../routing/record-set.ts';
import { type DesiredWeight, desiredWeights } from '../routing/weights.ts';
import { removalProblems } from './removal-problems.ts';

/** Everything that says where traffic is, as a deployment finds it. */
export interface DeploymentSituation {
  /** The coordination state; undefined where none has been written yet. */
  readonly state: ApplicationState | undefined;
  /** The live records of the names in {@link guardedRecordNames}. */
  readonly live: readonly ResourceRecordSet[];
  /** The live weights as they are kept now, by the name of the parameter. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The weights that the change set was made from, by the name of the parameter. */
  readonly changeSet: ReadonlyMap<string, string>;
  /** Whether the stack is being created: then no record of it is there yet. */
  readonly isFirst: boolean;
  readonly nowEpochMs: number;
}

/** Phases in which nobody but the reconciler writes weights. */
export const RESTING_PHASES: ReadonlySet<Phase> = new Set(['STEADY', 'FAILED_OVER']);

const HOW_TO = 'docs/day-2.md#a-refused-deployment';

/** Names whose records a deployment has to know: that of the application, and every weighted group. */
export function guardedRecordNames(config: ResolvedConfig): readonly string[] {
  return [...new Set([config.record, ...desiredWeights(config, {}).map(({ name }) => name)])];
}

/**
 * Why records and health checks must not be deployed now: an operation runs or was left, or coordination state, records,
 * parameters and change set do not all say the same. What deployment and operation both write, the slower one would
 * overwrite with what it read before. Empty where nothing is in the way; the gravest first.
 */
export function deploymentProblems(config: ResolvedConfig, situation: DeploymentSituation): readonly Problem[] {
  const { state, live } = situation;
  return [
    ...(state === undefined ? [] : operationProblems(state, situation.nowEpochMs)),
    ...(situation.isFirst ? takenNameProblems(config, live) : []),
    ...(state === undefined ? [] : removalProblems(config, state, live)),
    ...(state === undefined ? [] : pendingProblems(config, state, live)),
    ...weightProblems(config, situation),
  ];
}

function operationProblems(state: ApplicationState, nowEpochMs: number): readonly Problem[] {
  const { phase, operationId } = state;
  const until = state.leaseExpiresAtEpochMs ?? 0;
  if (isHeld(state, nowEpochMs)) {
    const remedy = `deploy again when it has ended; unless it is heard of, it holds the application for ${Math.ceil((until - nowEpochMs) / 1000)} s`;
    return [{ path: 'state.operationId', message: `an operation runs, in phase ${phase}`, value: operationId, remedy }];
  }
  if (RESTING_PHASES.has(phase)) return [];
  const remedy =
    phase === 'NEEDS_OPERATOR'
      ? 'settle it: docs/runbooks/failover.md#settle'
      : 'the operation was lost: start the next one by hand, docs/operations.md#start-one-by-hand';
  return [
    {
      path: 'state.phase',
      message: 'the application is not at rest',
      value: phase,
      allowed: [...RESTING_PHASES].join(', '),
      remedy,
    },
  ];
}

/** A record of ours that exists before the stack does is somebody else's: CloudFormation would take it over, or delete it. */
function takenNameProblems(config: ResolvedConfig, live: readonly ResourceRecordSet[]): readonly Problem[] {
  const type = recordTypeOf(config);
  return live
    .filter((record) => record.Type === type || record.Type === 'CNAME' || type === 'CNAME')
    .map((record) => ({
      path: ['records', canonicalName(record.Name), record.SetIdentifier]
        .filter((part) => part !== undefined)
        .join('/'),
      message: `the zone has a record of type ${record.Type} there, and this stack is new`,
      remedy: 'remove it, or choose another `record`: docs/day-2.md#rename-an-application',
    }));
}

/** Nothing is pending that a zone without records could not have: there the deployment itself is what is missing. */
function pendingProblems(
  config: ResolvedConfig,
  { weights, recordsPending, weightsPending, activeRegion }: ApplicationState,
  live: readonly ResourceRecordSet[],
): readonly Problem[] {
  if (!desiredWeights(config, weights).some((want) => findLiveRecord(live, want) !== undefined)) return [];
  const pending = Object.entries({ recordsPending, weightsPending }).filter(([, isPending]) => isPending);
  return pending.map(([field]) => ({
    path: `state.${field}`,
    message: 'the last change of the weights is not finished',
    value: true,
    allowed: 'false',
    remedy: `the reconciler in ${activeRegion} finishes it within a minute once Route 53 and Systems Manager take writes`,
  }));
}

/** One line per weight that is not the same everywhere. A record that is not there yet is none. */
function weightProblems(
  config: ResolvedConfig,
  { state, live, parameters, changeSet }: DeploymentSituation,
): readonly Problem[] {
  const saysOf = (want: DesiredWeight) => {
    const parameter = names.weightParameter(config, want);
    return {
      state: want.weight,
      record: findLiveRecord(live, want)?.Weight ?? want.weight,
      parameter: numberIn(parameters.get(parameter)),
      changeSet: numberIn(changeSet.get(parameter)),
    };
  };
  return desiredWeights(config, (state ?? initialState(config)).weights).flatMap((want) => {
    const value = saysOf(want);
    if (Object.values(value).every((weight) => weight === want.weight)) return [];
    const isStale = value.record === want.weight && value.parameter === want.weight;
    const remedy = isStale ? 'deploy again: the change set is older than the weight' : HOW_TO;
    return [
      { path: `${want.name}/${want.setIdentifier}`, message: 'the weight is not the same everywhere', value, remedy },
    ];
  });
}

/** `null` where there is none, since a text without its key would not show that it is missing. */
function numberIn(text: string | undefined): number | null {
  return text === undefined || !/^\d+$/.test(text) ? null : Number(text);
}
