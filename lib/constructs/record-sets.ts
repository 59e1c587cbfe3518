import { CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';

/** Properties of the records. */
export interface RecordSetsProps {
  readonly config: Pick<ResolvedConfig, 'hostedZoneId'>;
  /** The compiled records, with the ids of their health checks. */
  readonly records: readonly ResourceRecordSet[];
  /** The weight of a weighted record: a number, or a token that becomes one. */
  readonly weightOf: (record: ResourceRecordSet) => number;
}

/**
 * The record sets of a record tree, one resource each, so that a changed weight changes its record alone. An alias comes
 * after the records that it leads to: Route 53 refuses one whose target is not there.
 */
export class RecordSets extends Construct {
  /** What is deployed of each record, by its name and set identifier. */
  readonly deployed = new Map<string, unknown>();

  constructor(scope: Construct, id: string, { config, records, weightOf }: RecordSetsProps) {
    super(scope, id);
    const resources = records.map((record) => {
      const key = [record.Name, record.SetIdentifier].join('/');
      const properties = { HostedZoneId: config.hostedZoneId, ...toProperties(record, weightOf) };
      const resource = new CfnResource(this, key, { type: 'AWS::Route53::RecordSet', properties });
      this.deployed.set(key, properties);
      return { record, resource };
    });
    for (const { record: alias, resource } of resources) {
      for (const target of resources) {
        if (target.record.Name === alias.AliasTarget?.DNSName) resource.addResourceDependency(target.resource);
      }
    }
  }
}

/** The record in CloudFormation's spelling, which is the API's but for the values and the type of the TTL. */
function toProperties(
  record: ResourceRecordSet,
  weightOf: (record: ResourceRecordSet) => number,
): Readonly<Record<string, unknown>> {
  const { TTL, ResourceRecords, Weight, ...same } = record;
  return {
    ...same,
    ...(TTL === undefined ? {} : { TTL: String(TTL) }),
    ...(ResourceRecords === undefined ? {} : { ResourceRecords: ResourceRecords.map(({ Value }) => Value) }),
    ...(Weight === undefined ? {} : { Weight: weightOf(record) }),
  };
}
