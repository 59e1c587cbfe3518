/** The calls of the AWS API that anything under rehearsal makes, by service: what a scenario may refuse. */
export const API_OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: ['GetMetricData', 'PutMetricData'],
  dynamodb: ['GetItem', 'PutItem', 'Query', 'UpdateItem'],
  lambda: ['Invoke'],
  rds: ['DescribeGlobalClusters', 'FailoverGlobalCluster', 'SwitchoverGlobalCluster'],
  route53: ['ChangeResourceRecordSets', 'GetChange', 'ListResourceRecordSets'],
  'route53-recovery-cluster': ['UpdateRoutingControlState'],
  s3: ['DeleteObject', 'GetObject', 'PutObject'],
  sns: ['Publish'],
  ssm: ['GetParameter', 'PutParameter'],
  states: ['DescribeExecution', 'SendTaskFailure', 'SendTaskSuccess', 'StartExecution', 'StopExecution'],
};
