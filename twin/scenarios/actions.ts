import {
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { stepFunctionsClient } from '../../adapters/aws/clients.ts';
import { names } from '../../core/config/names.ts';
import { SwitchyardError } from '../../core/errors.ts';
import { ServiceError } from '../aws/service-error.ts';
import type { Notification } from '../aws/sns.ts';
import { TWIN_DEPLOYMENT, type World } from '../world/world.ts';
import type { Action } from './scenario.ts';

/** Operators are somewhere on the internet, in no Region. */
const OPERATOR = 'operator';
const TOKEN = /--region (\S+) --task-token '([^']+)'/;
const EXECUTION = /--region (\S+) --execution-arn (\S+)/;

/** What an operator acts on. */
export interface OperatorDesk {
  readonly world: World;
  readonly notifications: readonly Notification[];
}

/** What an operator was to do and could not: a finding of the rehearsal and no fault of it. */
export interface ImpossibleAction {
  readonly action: Action;
  readonly reason: string;
}

/**
 * Does what the scenario says, through the API, as an operator would; gives why it could not be done, or undefined.
 * `index` tells two starts apart.
 */
export async function act(desk: OperatorDesk, action: Action, index: number): Promise<ImpossibleAction | undefined> {
  try {
    await attempt(desk, action, index);
    return undefined;
  } catch (error) {
    if (error instanceof NothingAskedError) return { action, reason: error.message };
    // The API refused it, or did not answer.
    if (error instanceof ServiceError || (error instanceof Error && error.name === 'TimeoutError')) {
      return { action, reason: `${error.name}: ${error.message}` };
    }
    throw error;
  }
}

class NothingAskedError extends SwitchyardError {
  override readonly name = 'NothingAskedError';

  constructor(reason: string) {
    super(reason, { code: 'NOTHING_ASKED', source: 'operator' });
  }
}

async function attempt(desk: OperatorDesk, action: Action, index: number): Promise<void> {
  if (action.action === 'start') return start(desk, action, index);
  if (action.action === 'stop') return stop(desk);
  if (action.action === 'redrive') return redrive(desk);
  const [region, token] = lastCommand(desk.notifications, action.action, TOKEN);
  const client = clientIn(desk.world, region);
  if (action.action === 'decline') {
    await client.send(
      new SendTaskFailureCommand({
        taskToken: token,
        error: 'ApprovalDeclinedError',
        cause: 'declined by the operator',
      }),
    );
    return;
  }
  const output = JSON.stringify({ decision: action.action, by: OPERATOR });
  await client.send(new SendTaskSuccessCommand({ taskToken: token, output }));
}

async function start(
  { world }: OperatorDesk,
  { machine, input, region }: Extract<Action, { action: 'start' }>,
  index: number,
): Promise<void> {
  const where = region ?? String(input['target']);
  const stateMachineArn = names.stateMachineArn(world.config, TWIN_DEPLOYMENT, { region: where, machine });
  const name = `${machine}-by-operator-${index + 1}`;
  await clientIn(world, where).send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
}

function clientIn(world: World, region: string) {
  return stepFunctionsClient(region, world.aws.clientsIn(OPERATOR));
}

/** Stops the execution that runs, by the console. */
async function stop({ world }: OperatorDesk): Promise<void> {
  const running = world.machines.executions().findLast(({ status }) => status === 'RUNNING');
  if (running === undefined) throw new NothingAskedError('nothing runs that could be stopped');
  await clientIn(world, running.region).send(new StopExecutionCommand({ executionArn: running.arn }));
}

async function redrive({ world, notifications }: OperatorDesk): Promise<void> {
  const [region, executionArn] = lastCommand(notifications, 'redrive', EXECUTION);
  await clientIn(world, region).send(new RedriveExecutionCommand({ executionArn }));
}

/** People act by the command that they were sent: its Region and its object, in the newest message that offers it. */
function lastCommand(
  notifications: readonly Notification[],
  answer: string,
  pattern: RegExp,
): readonly [region: string, object: string] {
  for (const { body } of notifications.toReversed()) {
    const match = pattern.exec(commandsIn(body)[answer] ?? '');
    if (match?.[1] !== undefined && match[2] !== undefined) return [match[1], match[2]];
  }
  throw new NothingAskedError(`nobody has been asked to ${answer} anything`);
}

/** The commands that a message offers, by what they do. */
export function commandsIn(body: string): Readonly<Record<string, string>> {
  return (JSON.parse(body) as { commands?: Record<string, string> }).commands ?? {};
}
