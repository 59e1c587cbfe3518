import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { StateMachines } from '../../core/ports.ts';
import { errorName, translated } from './translate-error.ts';

/** The state machines of one Region. `arnOf` gives a machine's ARN. */
export function createStepFunctions(client: SFNClient, arnOf: (machine: string) => string): StateMachines {
  const describe = (executionArn: string) =>
    translated('look at the execution', () => client.send(new DescribeExecutionCommand({ executionArn })));
  return {
    endedAt: async (executionArn) => {
      try {
        const { status, stopDate } = await describe(executionArn);
        return status === 'RUNNING' ? undefined : (stopDate?.getTime() ?? 0);
      } catch (error) {
        if (errorName(error) === 'ExecutionDoesNotExist') return 0;
        throw error;
      }
    },
    start: async ({ machine, name, input }) => {
      const stateMachineArn = arnOf(machine);
      try {
        const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
        const { executionArn } = await translated('start the machine', () => client.send(command));
        return { kind: 'started', executionArn: executionArn ?? '' };
      } catch (error) {
        if (errorName(error) !== 'ExecutionAlreadyExists') throw error;
        const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
        const { status } = await describe(executionArn);
        return { kind: 'exists', running: status === 'RUNNING', executionArn };
      }
    },
  };
}
