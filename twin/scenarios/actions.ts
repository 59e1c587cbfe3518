import { SendTaskFailureCommand, SendTaskSuccessCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
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

  constructor(answer: string) {
    super(`nobody has been asked to ${answer} anything`, { code: 'NOTHING_ASKED', source: 'operator' });
  }
}

async function attempt(desk: OperatorDesk, action: Action, index: number): Promise<void> {
  if (action.action === 'start') return start(desk, action, index);
  const { region, token } = lastToken(desk.notifications, action.action);
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

/** People answer with the command that they were sent; the newest one that offers this answer. */
function lastToken(
  notifications: readonly Notification[],
  answer: string,
): { readonly region: string; readonly token: string } {
  for (const { body } of notifications.toReversed()) {
    const { commands } = JSON.parse(body) as { commands?: Record<string, string> };
    const match = TOKEN.exec(commands?.[answer] ?? '');
    if (match?.[1] !== undefined && match[2] !== undefined) return { region: match[1], token: match[2] };
  }
  throw new NothingAskedError(answer);
}
