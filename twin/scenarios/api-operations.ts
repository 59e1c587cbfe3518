import type { ResolvedConfig } from '../../core/config/types.ts';

/** The calls of the AWS API that anything under rehearsal makes, by service: what a scenario may refuse. */
export const API_OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: ['GetMetricData', 'PutMetricData'],
  dynamodb: ['GetItem', 'PutItem', 'Query', 'UpdateItem'],
  lambda: ['Invoke'],
  rds: ['DescribeGlobalClusters', 'FailoverGlobalCluster', 'SwitchoverGlobalCluster'],
  route53: ['ChangeResourceRecordSets', 'GetChange', 'ListResourceRecordSets'],
  'route53-recovery-cluster': ['UpdateRoutingControlState'],
  s3: ['DeleteObject', 'GetObject', 'ListObjectsV2', 'PutObject'],
  sns: ['Publish'],
  ssm: ['GetParameter', 'PutParameter'],
  states: [
    'DescribeExecution',
    'RedriveExecution',
    'SendTaskFailure',
    'SendTaskSuccess',
    'StartExecution',
    'StopExecution',
  ],
};

const { rds: AURORA, dynamodb: COORDINATION, ...OTHERS } = API_OPERATIONS;

/** The same for any config: what is asked of its data tier, and of what it scales. */
export function apiOperationsOf({
  data,
  scaling,
  loadBalancers,
}: Pick<ResolvedConfig, 'data' | 'scaling' | 'loadBalancers'>): Readonly<Record<string, readonly string[]>> {
  return { ...ofData(data), ...ofScaling(scaling), ...ofLoadBalancers(loadBalancers) };
}

function ofData(data: ResolvedConfig['data']): typeof API_OPERATIONS {
  const shared = { ...OTHERS, dynamodb: COORDINATION ?? [] };
  switch (data.adapter) {
    case 'aurora-global':
      return { ...shared, rds: AURORA ?? [] };
    case 'rds-replica':
      return { ...shared, rds: ['DescribeDBInstances', 'PromoteReadReplica'] };
    case 'dynamodb-global':
      return { ...shared, dynamodb: ['DescribeTable', ...shared.dynamodb] };
    default:
      return shared;
  }
}

function ofScaling(scaling: ResolvedConfig['scaling']): typeof API_OPERATIONS {
  const kinds = new Set(scaling?.targets.map(({ kind }) => kind));
  return {
    ...(kinds.has('auto-scaling-group')
      ? { autoscaling: ['DescribeAutoScalingGroups', 'UpdateAutoScalingGroup'] }
      : {}),
    ...(kinds.has('ecs-service') ? { ecs: ['DescribeServices', 'UpdateService'] } : {}),
  };
}

function ofLoadBalancers(loadBalancers: ResolvedConfig['loadBalancers']): typeof API_OPERATIONS {
  const kinds = new Set(loadBalancers.map(({ kind }) => kind));
  const forwards = kinds.has('listener') || kinds.has('rule');
  return {
    ...(forwards
      ? { elasticloadbalancing: ['DescribeListeners', 'DescribeRules', 'ModifyListener', 'ModifyRule'] }
      : {}),
    ...(kinds.has('accelerator') ? { globalaccelerator: ['DescribeEndpointGroup', 'UpdateEndpointGroup'] } : {}),
  };
}
