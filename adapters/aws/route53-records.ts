import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  ChangeResourceRecordSetsCommand,
  type ChangeResourceRecordSetsCommandInput,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { RecordStore } from '../../core/ports.ts';
import { canonicalName } from '../../core/routing/dns-name.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import { desiredWeights } from '../../core/routing/weights.ts';
import { newestDatapoint } from './newest-datapoint.ts';
import { errorName, translated } from './translate-error.ts';

/** Clients of the record store. Health check metrics exist in us-east-1 only: monitoring-health-checks in the Developer Guide. */
export interface RecordClients {
  readonly route53: Route53Client;
  readonly cloudWatchUsEast1: CloudWatchClient;
  /** Of the Region that holds the routing stack. */
  readonly ssm: SSMClient;
}

/** Records of one name in a page; more than any group of ours has. */
const PAGE = 100;
const MINUTE_MS = 60_000;

/** The record API on Amazon Route 53. */
export function createRoute53Records(config: ResolvedConfig, clients: RecordClients): RecordStore {
  const HostedZoneId = config.hostedZoneId;
  const listName = (name: string) => listRecordSets(clients.route53, HostedZoneId, name);
  return {
    list: async (recordNames) => (await Promise.all(recordNames.map(listName))).flat(),
    apply: async (changes, comment) => {
      const batch = { HostedZoneId, ChangeBatch: { Comment: comment, Changes: changes } };
      // The shapes are the API's own; only its readonly-ness differs.
      const command = new ChangeResourceRecordSetsCommand(batch as unknown as ChangeResourceRecordSetsCommandInput);
      const { ChangeInfo } = await refusable(() => clients.route53.send(command));
      return ChangeInfo?.Id ?? '';
    },
    isInSync: async (Id) =>
      (await translated('read the change', () => clients.route53.send(new GetChangeCommand({ Id })))).ChangeInfo
        ?.Status === 'INSYNC',
    isServing: async (region, sinceEpochMs) => {
      const live = await listName(weightedNameOf(config, region));
      const healthCheckId = live.find(({ SetIdentifier }) => SetIdentifier === region)?.HealthCheckId;
      return healthCheckId !== undefined && newestIsHealthy(clients.cloudWatchUsEast1, healthCheckId, sinceEpochMs);
    },
    keepWeights: async (weights) => {
      await Promise.all(
        weights.map((desired) =>
          translated('keep the weights', () =>
            clients.ssm.send(
              new PutParameterCommand({
                Name: names.weightParameter(config, desired),
                Value: String(desired.weight),
                Type: 'String',
                Overwrite: true,
              }),
            ),
          ),
        ),
      );
    },
  };
}

/** A batch that Route 53 refuses must not be tried again as it is: the zone is not what the plan was made on. */
async function refusable<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await translated('change the records', call);
  } catch (error) {
    if (errorName(error) !== 'InvalidChangeBatch') throw error;
    throw new OperationError('RecordsRefusedError', `the batch was refused: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function listRecordSets(
  client: Route53Client,
  HostedZoneId: string,
  name: string,
): Promise<readonly ResourceRecordSet[]> {
  const { ResourceRecordSets = [] } = await translated('list the records', () =>
    client.send(new ListResourceRecordSetsCommand({ HostedZoneId, StartRecordName: name, MaxItems: PAGE })),
  );
  return (ResourceRecordSets as readonly ResourceRecordSet[]).filter(
    ({ Name }) => canonicalName(Name) === canonicalName(name),
  );
}

function weightedNameOf(config: ResolvedConfig, region: string): string {
  return (
    desiredWeights(config, {}).find(({ setIdentifier }) => setIdentifier === region)?.name ?? names.liveRecord(config)
  );
}

/** A minute that began before the moment asked about says nothing about what came after. */
async function newestIsHealthy(
  client: CloudWatchClient,
  healthCheckId: string,
  sinceEpochMs: number,
): Promise<boolean> {
  const from = Math.ceil(sinceEpochMs / MINUTE_MS) * MINUTE_MS;
  const { MetricDataResults } = await translated('read the health check', () =>
    client.send(
      new GetMetricDataCommand({
        StartTime: new Date(from),
        EndTime: new Date(from + 60 * MINUTE_MS),
        ScanBy: 'TimestampDescending',
        MetricDataQueries: [
          {
            Id: 'status',
            MetricStat: {
              Metric: {
                Namespace: 'AWS/Route53',
                MetricName: 'HealthCheckStatus',
                Dimensions: [{ Name: 'HealthCheckId', Value: healthCheckId }],
              },
              Period: 60,
              Stat: 'Minimum',
            },
          },
        ],
      }),
    ),
  );
  return newestDatapoint(MetricDataResults?.[0])?.value === 1;
}
