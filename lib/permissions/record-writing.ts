import { routingRegion } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { recordTypeOf } from '../../core/routing/compile/weighted-group.ts';
import { epochRecord } from '../../core/routing/epoch-record.ts';
import { changeConditionValues } from '../../core/routing/iam-condition-values.ts';
import { desiredWeights } from '../../core/routing/weights.ts';
import type { Grant } from './grant.ts';
import type { Site } from './site.ts';

/**
 * Reading the live records, writing the one kind of batch that `planWeightChange` plans, and keeping the weights for the
 * next deployment.
 *
 * The conditions see a batch as a whole (every name, type and action in it), so they cannot tie an action to a name;
 * they do keep the function off every other record of the zone.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
 */
export function recordWriting(site: Site): readonly Grant[] {
  const { config } = site;
  return [
    listRecords(site),
    {
      purpose: 'WriteRecords',
      actions: ['route53:ChangeResourceRecordSets'],
      resources: [zoneArn(site)],
      conditions: { 'ForAllValues:StringEquals': { ...changeConditionValues(plannedChanges(config)) } },
    },
    {
      purpose: 'KeepWeights',
      actions: ['ssm:PutParameter'],
      resources: [weightParameters(site)],
      patternBecause: WEIGHTS_BECAUSE,
    },
  ];
}

/**
 * Named one by one, the weights of an application in many Regions would outgrow a role's inline policies.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (10,240 characters)
 */
export const WEIGHTS_BECAUSE =
  "a role holds 10,240 characters of inline policies, which the parameters of many Regions would outgrow one by one, and all of them are the application's own";

/** Reading the live records of the zone; the API has no condition that would tell names apart. */
export function listRecords(site: Site): Grant {
  return { purpose: 'ListRecords', actions: ['route53:ListResourceRecordSets'], resources: [zoneArn(site)] };
}

function zoneArn({ config, deployment }: Site): string {
  return `arn:${deployment.partition}:route53:::hostedzone/${config.hostedZoneId}`;
}

/** The live weights of the application, those of records that a later config adds among them. */
export function weightParameters({ config, deployment: { account, partition } }: Site): string {
  const any = names.weightParameter(config, { name: '*', setIdentifier: '*' });
  return `arn:${partition}:ssm:${routingRegion(config)}:${account}:parameter${any}`;
}

/** A sample of every change that a batch may hold. */
function plannedChanges(config: ResolvedConfig): Parameters<typeof changeConditionValues>[0] {
  const epoch = epochRecord(config, { epoch: 0, sequence: 0 });
  const weighted = desiredWeights(config, {}).map(({ name }) => ({ Name: name, Type: recordTypeOf(config) }));
  return [
    { Action: 'DELETE', ResourceRecordSet: epoch },
    { Action: 'CREATE', ResourceRecordSet: epoch },
    ...weighted.map((ResourceRecordSet) => ({ Action: 'UPSERT', ResourceRecordSet })),
  ];
}
