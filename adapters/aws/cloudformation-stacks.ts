import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { translated } from './translate-error.ts';

/** What CloudFormation is doing with a stack. */
export interface StackReader {
  /** The status, such as `UPDATE_IN_PROGRESS` or `UPDATE_ROLLBACK_IN_PROGRESS`; empty where there is no such stack. */
  status(stackId: string): Promise<string>;
}

/**
 * Stacks as CloudFormation describes them. A custom resource is not told that an update of it is a rollback: only the
 * status of its stack says so.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 * @see https://github.com/aws/aws-cdk/blob/main/docs/CLOUDFORMATION.md (a failed update is followed by one with the old
 * properties, in UPDATE_ROLLBACK_IN_PROGRESS)
 */
export function createStackReader(client: CloudFormationClient): StackReader {
  return {
    status: async (StackName) => {
      const { Stacks = [] } = await translated('describe the stack', () =>
        client.send(new DescribeStacksCommand({ StackName })),
      );
      return Stacks[0]?.StackStatus ?? '';
    },
  };
}
