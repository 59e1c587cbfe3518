import { applicationRegions, checksOf, fleetOf, guardiansOf, routingRegion } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import { reconciledEntities } from '../../core/config/reconcile-entities.ts';
import { SWITCH_METRIC } from '../../core/routing/compile/switch-alarms.ts';
import { MACHINES, type Machine } from '../../state-machines/contracts.ts';
import { RECONCILE_MACHINE } from '../../state-machines/contracts-reconcile.ts';
import { listBlobs } from './blobs.ts';
import { callsOf } from './calls-of.ts';
import { readChannelSecrets } from './channel-secrets.ts';
import { promotion, publishesLag, readCopy, readWriter } from './data-tier.ts';
import type { Grant } from './grant.ts';
import { loadBalancing } from './load-balancers.ts';
import { READ_METRICS } from './read-metrics.ts';
import { makeAuditTables, plans, reachTables, repairTables } from './reconciliation.ts';
import { listRecords, recordWriting, WEIGHTS_BECAUSE, weightParameters } from './record-writing.ts';
import { scaling } from './scaling.ts';
import type { Site } from './site.ts';

/**
 * What a function may be able to do outside itself, and the statements that takes. Each follows from the calls that the
 * adapter of the port makes (`adapters/aws`).
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const CAPABILITIES = {
  coordinate: (site) => [
    {
      purpose: 'Coordinate',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      resources: coordinationTables(site),
    },
  ],
  notify: (site) => [
    {
      purpose: 'Notify',
      actions: ['sns:Publish'],
      resources: [names.notificationTopicArn(site.config, site.deployment, site.region)],
    },
    ...(site.topicKeyArn === undefined
      ? []
      : [
          {
            purpose: 'EncryptNotifications',
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: [site.topicKeyArn],
          },
        ]),
  ],
  readChannelSecrets: readChannelSecrets,
  readTraffic: () => [READ_METRICS],
  callFunctions: callFunctions,
  callFenceHooks: (site) =>
    callsOf(
      site,
      'CallFenceHooks',
      site.config.failover.fenceHooks.map((hook) => hook.function),
    ),
  startFailover: (site) => [
    { purpose: 'StartFailover', actions: ['states:StartExecution'], resources: [failoverArn(site)] },
    lookAtExecutions(site, ['failover']),
  ],
  askFleet: (site) => {
    const tables = fleetTables(site);
    // Whoever reads a fleet that has never moved writes its first item.
    const actions = ['dynamodb:GetItem', 'dynamodb:PutItem'];
    return tables.length === 0 ? [] : [{ purpose: 'AskFleet', actions, resources: tables }];
  },
  callFleet: callFleet,
  evacuate: (site) =>
    otherSwitch(site) ?? [switches(site, 'Evacuate', ['s3:GetObject', 's3:PutObject']), findSwitches(site)],
  lookAtExecutions: (site) => [lookAtExecutions(site, MACHINES)],
  // A conditional delete asks for GetObject too: conditional-delete-enforce in the S3 User Guide.
  admit: (site) =>
    otherSwitch(site) ?? [switches(site, 'Admit', ['s3:DeleteObject', 's3:GetObject']), findSwitches(site)],
  readWriter: readWriter,
  startReconciliation: startReconciliation,
  readPlans: (site) => (site.config.reconcile === undefined ? [] : plans(site, 'ReadPlans', ['s3:GetObject'])),
  keepPlans: (site) => plans(site, 'KeepPlans', ['s3:GetObject', 's3:PutObject']),
  callMerges: (site) =>
    callsOf(
      site,
      'CallMerges',
      reconciledEntities(site.config).flatMap(({ mergeFunction }) => mergeFunction ?? []),
    ),
  reachTables: reachTables,
  repairTables: repairTables,
  makeAuditTables: makeAuditTables,
  readLag: (site) => [...readCopy(site), ...(publishesLag(site.config.data) ? [READ_METRICS] : [])],
  promote: (site) => [...readWriter(site), ...promotion(site)],
  scale: scaling,
  balanceLoad: loadBalancing,
  writeRecords: recordWriting,
  readChange: ({ deployment: { partition } }) => [
    {
      purpose: 'ReadChange',
      actions: ['route53:GetChange'],
      resources: [`arn:${partition}:route53:::change/*`],
      patternBecause: 'Route 53 gives a change its id when it takes it',
    },
  ],
  listBlobs: listBlobs,
  readServing: (site) => [listRecords(site), READ_METRICS],
  listRecords: (site) => [listRecords(site)],
  readState: (site) => [{ purpose: 'ReadState', actions: ['dynamodb:GetItem'], resources: coordinationTables(site) }],
  readWeights: (site) => [
    {
      purpose: 'ReadWeights',
      actions: ['ssm:GetParameters'],
      resources: [weightParameters(site)],
      patternBecause: WEIGHTS_BECAUSE,
    },
  ],
  readRoutingStack: ({ config, deployment: { account, partition } }) => [
    {
      purpose: 'ReadStack',
      actions: ['cloudformation:DescribeStacks'],
      resources: [
        `arn:${partition}:cloudformation:${routingRegion(config)}:${account}:stack/${names.stack(config, 'routing')}/*`,
      ],
      patternBecause: 'CloudFormation gives a stack its id when it is created',
    },
  ],
  createWeights: (site) => [
    {
      purpose: 'CreateWeights',
      actions: ['ssm:PutParameter'],
      resources: [weightParameters(site)],
      patternBecause: WEIGHTS_BECAUSE,
      // Not even by mistake: parameter-store-policy-conditions in the Systems Manager User Guide.
      conditions: { StringNotEquals: { 'ssm:Overwrite': 'true' } },
    },
  ],
  observeHealthChecks: () => [READ_METRICS],
} as const satisfies Readonly<Record<string, (site: Site) => readonly Grant[]>>;
export type Capability = keyof typeof CAPABILITIES;

/** The machine that compares data, where the config says what; and its executions, to see how they ended. */
function startReconciliation({ config, deployment, region }: Site): readonly Grant[] {
  if (config.reconcile === undefined) return [];
  const machine = names.stateMachineArn(config, deployment, { region, machine: RECONCILE_MACHINE });
  return [
    { purpose: 'StartReconciliation', actions: ['states:StartExecution'], resources: [machine] },
    {
      purpose: 'LookAtReconciliation',
      actions: ['states:DescribeExecution'],
      resources: [`${machine.replace(':stateMachine:', ':execution:')}:*`],
      patternBecause:
        'an execution is named after the epoch of its failback and its attempt, which only the start knows',
    },
  ];
}

/** Every replica: a function goes on with another one where the nearest does not answer. */
function coordinationTables({ config, deployment: { account, partition } }: Site): readonly string[] {
  const replicas = config.coordination?.replicas ?? [];
  return replicas.map(
    (region) => `arn:${partition}:dynamodb:${region}:${account}:table/${names.coordinationTable(config)}`,
  );
}

/** The table of the fleet that the application belongs to. */
function fleetTables({ config, deployment: { account, partition } }: Site): readonly string[] {
  const fleet = fleetOf(config);
  if (fleet === undefined) return [];
  const table = names.coordinationTable({ application: names.fleetApplication(fleet.name) });
  const replicas = config.coordination?.replicas ?? [];
  return replicas.map((region) => `arn:${partition}:dynamodb:${region}:${account}:table/${table}`);
}

/** An observer sees whether the fleet moves, and writes its first item where it never did; a sentinel's also starts it. */
function callFleet(site: Site): readonly Grant[] {
  const { config, deployment, region } = site;
  const fleet = fleetOf(config);
  if (fleet === undefined || !applicationRegions(config).includes(region)) return [];
  const read: Grant = {
    purpose: 'AskFleet',
    actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    resources: fleetTables(site),
  };
  if (!fleet.sentinels.includes(config.application)) return [read];
  const application = names.fleetApplication(fleet.name);
  const machine = names.stateMachineArn({ application }, deployment, { region, machine: 'fleet-evacuation' });
  return [
    read,
    { purpose: 'CallFleet', actions: ['dynamodb:UpdateItem'], resources: fleetTables(site) },
    { purpose: 'StartFleet', actions: ['states:StartExecution'], resources: [machine] },
    {
      purpose: 'LookAtFleet',
      actions: ['states:DescribeExecution'],
      resources: [`${machine.replace(':stateMachine:', ':execution:')}:*`],
      patternBecause: 'an execution is named after its epoch, its Regions and its attempt, which only the start knows',
    },
  ];
}

/** The functions that checks name, where the observer runs: it calls none elsewhere. */
function callFunctions(site: Site): readonly Grant[] {
  const named = checksOf(site.config).flatMap(({ check }) => (check.kind === 'lambda' ? [check.function] : []));
  return callsOf(site, 'CallChecks', named);
}

function lookAtExecutions({ config, deployment, region }: Site, machines: readonly Machine[]): Grant {
  return {
    purpose: 'LookAtExecutions',
    actions: ['states:DescribeExecution'],
    resources: machines.map((machine) => {
      const arn = names.stateMachineArn(config, deployment, { region, machine });
      return `${arn.replace(':stateMachine:', ':execution:')}:*`;
    }),
    patternBecause: 'an execution is named after its epoch, its Regions and its attempt, which only the start knows',
  };
}

function failoverArn({ config, deployment, region }: Site): string {
  return names.stateMachineArn(config, deployment, { region, machine: 'failover' });
}

/** Each Region's switch, in its guardians' buckets and nowhere else. */
function switches({ config, deployment }: Site, purpose: string, actions: readonly string[]): Grant {
  const resources = applicationRegions(config).flatMap((ward) =>
    guardiansOf(config, ward).map((guardian) => {
      const bucket = names.guardianBucket(config, deployment, guardian);
      return `arn:${deployment.partition}:s3:::${bucket}/${names.evacuationKey(config, ward)}`;
    }),
  );
  return { purpose, actions, resources };
}

/** A switch that is no object is set and taken back by one action. */
function otherSwitch({ config: { evacuation } }: Site): readonly Grant[] | undefined {
  if (evacuation.kind === 's3') return undefined;
  if (evacuation.kind === 'arc') {
    const resources = Object.values(evacuation.routingControls?.controls ?? {});
    return [
      { purpose: 'SetRoutingControls', actions: ['route53-recovery-cluster:UpdateRoutingControlState'], resources },
    ];
  }
  return [
    {
      purpose: 'SetSwitches',
      actions: ['cloudwatch:PutMetricData'],
      resources: { anyBecause: 'PutMetricData has no resource-level permission; the namespace is its condition' },
      conditions: { StringEquals: { 'cloudwatch:namespace': SWITCH_METRIC.namespace } },
    },
  ];
}

/**
 * Without ListBucket a missing key answers 403 instead of 404. No condition on the prefix: a GetObject brings none, and
 * would fail it.
 */
function findSwitches({ config, deployment }: Site): Grant {
  const guardians = new Set(applicationRegions(config).flatMap((ward) => guardiansOf(config, ward)));
  const resources = [...guardians].map(
    (guardian) => `arn:${deployment.partition}:s3:::${names.guardianBucket(config, deployment, guardian)}`,
  );
  return { purpose: 'FindSwitches', actions: ['s3:ListBucket'], resources };
}
