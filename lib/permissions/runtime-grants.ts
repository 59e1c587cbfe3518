import type { Grant } from './grant.ts';

/** What running takes, whatever the function does. The log group exists: nobody may make another. */
export function runtimeGrants(logGroupArn: string): readonly Grant[] {
  return [
    { purpose: 'WriteLogs', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroupArn] },
    {
      purpose: 'Trace',
      actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      resources: { anyBecause: 'X-Ray has no resource-level permission for segments' },
    },
  ];
}

/**
 * What a state machine may do: call the functions of its own definition, log and trace.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
 */
export function machineGrants(functionArns: readonly string[]): readonly Grant[] {
  return [
    { purpose: 'CallSteps', actions: ['lambda:InvokeFunction'], resources: functionArns },
    {
      purpose: 'DeliverLogs',
      actions: [
        'logs:CreateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
        'logs:GetLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:UpdateLogDelivery',
      ],
      resources: { anyBecause: 'log deliveries have no resource-level permission' },
    },
    {
      purpose: 'Trace',
      actions: [
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: { anyBecause: 'X-Ray has no resource-level permission for segments and sampling' },
    },
  ];
}

/**
 * What a function in a network of the user's takes: Lambda makes interfaces there by the function's own role.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function networkGrants(): readonly Grant[] {
  return [
    {
      purpose: 'UseNetwork',
      actions: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: { anyBecause: 'Lambda names its network interfaces when it makes them' },
    },
  ];
}

/** What a state machine takes whose Maps read their items from objects of a bucket. */
export function itemReaderGrants(bucketArn: string): readonly Grant[] {
  return [
    {
      purpose: 'ReadItems',
      actions: ['s3:GetObject'],
      resources: [`${bucketArn}/*/work/*`],
      patternBecause: 'a list of work is named after its plan, which is named after the failback that asks for it',
    },
  ];
}

/**
 * What a state machine with distributed Maps may do besides: run their children, which are executions of its own
 * definition, look at them and stop them.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dm.html
 */
export function mapRunGrants(stateMachineArn: string): readonly Grant[] {
  const executions = stateMachineArn.replace(':stateMachine:', ':execution:');
  return [
    { purpose: 'RunChildren', actions: ['states:StartExecution'], resources: [stateMachineArn] },
    {
      purpose: 'FollowChildren',
      actions: ['states:DescribeExecution', 'states:RedriveExecution', 'states:StopExecution'],
      resources: [`${executions}:*`, `${executions}/*`],
      patternBecause: 'Step Functions names the children of a Map Run when it starts them',
    },
  ];
}
