import { FLEET_STEPS, placeholderOf, STEPS, type Step } from '../../state-machines/contracts.ts';
import { type AnyMachine, type AnyStep, RECONCILE_STEPS } from '../../state-machines/contracts-reconcile.ts';
import failback from '../../state-machines/failback.asl.json' with { type: 'json' };
import failover from '../../state-machines/failover.asl.json' with { type: 'json' };
import fleetEvacuation from '../../state-machines/fleet-evacuation.asl.json' with { type: 'json' };
import fleetRelease from '../../state-machines/fleet-release.asl.json' with { type: 'json' };
import reconcile from '../../state-machines/reconcile.asl.json' with { type: 'json' };
import { assertRunnable, isMap } from './distributed-map.ts';
import type { MachineDefinition, StateDefinition } from './state-definition.ts';

export type { MachineDefinition, StateDefinition };

/** The very files that are deployed. */
export const DEFINITIONS = {
  failover,
  failback,
  'fleet-evacuation': fleetEvacuation,
  'fleet-release': fleetRelease,
  reconcile,
} as unknown as Readonly<Record<AnyMachine, MachineDefinition>>;

/**
 * Fields that the interpreter ignores without a word; a definition with one of them would behave otherwise in AWS.
 *
 * Source: docs/feature-support.md of aws-local-stepfunctions 3.0.0, and its code.
 */
const NOT_HONOURED = [
  'HeartbeatSeconds',
  'HeartbeatSecondsPath',
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'ToleratedFailurePercentage',
  'ToleratedFailureCount',
  'QueryLanguage',
  'Assign',
  'Arguments',
  'Output',
] as const;

const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';
const LAMBDA_INVOKE_WITH_TOKEN = `${LAMBDA_INVOKE}.waitForTaskToken`;

/** A Task of a definition: the step it calls, and whether it waits for a token. */
export interface TaskOfStep<S extends AnyStep = Step> {
  readonly state: string;
  readonly step: S;
  readonly waitsForToken: boolean;
  /** Where in the payload the time limit stands, where it is not a number of the definition. */
  readonly timeoutPath: readonly string[] | undefined;
}

/**
 * The tasks of a definition, those of its Maps included; which steps are its own, whoever asks knows. Refuses a definition that uses a field which the interpreter does not honour, or a resource
 * that is not a step's function.
 */
export function tasksOf<S extends AnyStep = Step>(definition: MachineDefinition): readonly TaskOfStep<S>[] {
  return Object.entries(definition.States).flatMap(([state, body]): readonly TaskOfStep<S>[] => {
    if (isMap(body)) {
      assertRunnable(state, body);
      return tasksOf<S>(body.ItemProcessor);
    }
    const ignored = NOT_HONOURED.filter((field) => field in body);
    if (ignored.length > 0)
      throw new Error(`state ${state} uses ${ignored.join(', ')}, which the twin does not honour`);
    // The interpreter would write a field called "$"; leaving it out means the same in AWS.
    if (body['ResultPath'] === '$')
      throw new Error(`state ${state} has ResultPath "$", which the twin does not honour; leave it out`);
    if (body.Type !== 'Task') return [];
    if (body.Resource !== LAMBDA_INVOKE && body.Resource !== LAMBDA_INVOKE_WITH_TOKEN) {
      throw new Error(`state ${state} calls ${body.Resource}, which the twin does not know`);
    }
    const waitsForToken = body.Resource === LAMBDA_INVOKE_WITH_TOKEN;
    return [{ state, step: stepOf(state, body) as S, waitsForToken, timeoutPath: timeoutPathOf(state, body) }];
  });
}

function stepOf(state: string, { Parameters }: StateDefinition): AnyStep {
  const placeholder = Parameters?.FunctionName ?? '';
  const step = [...STEPS, ...FLEET_STEPS, ...RECONCILE_STEPS].find(
    (candidate) => placeholder === `\${${placeholderOf(candidate)}}`,
  );
  if (step === undefined) throw new Error(`state ${state} names ${placeholder}, which is no step's function`);
  return step;
}

/** Longer than any wait of a rehearsal, and short enough for a timer of the platform. */
const NO_TIMEOUT_SECONDS = 2_000_000;

/**
 * The definition as the interpreter can run it. It looks for `TimeoutSecondsPath` in the parameters of a Task, where AWS
 * looks in the state's input; the twin keeps that limit itself. It ignores how a Map is distributed; to it, one is a Task
 * that the twin does.
 */
export function interpretable(definition: MachineDefinition): MachineDefinition {
  const States = Object.entries(definition.States).map(([name, state]) => {
    if (isMap(state)) {
      const { Comment, ResultPath, Catch, Next } = state;
      const kept = { Comment, Catch, Next, ...(ResultPath === undefined ? {} : { ResultPath }) };
      return [name, { ...kept, Type: 'Task', Resource: 'twin:map', TimeoutSeconds: NO_TIMEOUT_SECONDS }] as const;
    }
    if (state.TimeoutSecondsPath === undefined) return [name, state] as const;
    const { TimeoutSecondsPath: _, ...rest } = state;
    return [name, { ...rest, TimeoutSeconds: NO_TIMEOUT_SECONDS }] as const;
  });
  return { ...definition, States: Object.fromEntries(States) };
}

/** A path into the state's input can be followed in the payload where the payload hands its root on under its own name. */
function timeoutPathOf(
  state: string,
  { TimeoutSecondsPath, Parameters }: StateDefinition,
): readonly string[] | undefined {
  if (TimeoutSecondsPath === undefined) return undefined;
  const path = TimeoutSecondsPath.split('.').slice(1);
  if (Parameters?.Payload?.[`${path[0]}.$`] === `$.${path[0]}`) return path;
  throw new Error(
    `state ${state} has TimeoutSecondsPath ${TimeoutSecondsPath}, whose root its payload does not hand on`,
  );
}
