import { ListHealthChecksCommand, ListResourceRecordSetsCommand, type Route53Client } from '@aws-sdk/client-route-53';
import { paginateGetParametersByPath, type SSMClient } from '@aws-sdk/client-ssm';
import type { HealthCheck, HealthCheckConfig } from '../../../core/routing/health-check.ts';
import type { ResourceRecordSet } from '../../../core/routing/record-set.ts';
import { KEPT_HEALTH_CHECKS } from '../emulator/kept-definition.ts';

/** What the API says there is. */
export interface ZoneContent {
  readonly recordSets: readonly ResourceRecordSet[];
  readonly healthChecks: readonly HealthCheck[];
}

/** Where a zone is read. */
export interface ZoneSource {
  readonly route53: Route53Client;
  /** Of the Region that holds the routing stack. */
  readonly ssm: SSMClient;
  readonly hostedZoneId: string;
}

/** Reads a zone and all health checks through the API. */
export async function readZone({ route53, ssm, hostedZoneId }: ZoneSource): Promise<ZoneContent> {
  const [recordSets, healthChecks] = await Promise.all([
    listRecordSets(route53, hostedZoneId),
    listHealthChecks(route53),
  ]);
  const kept = healthChecks.some(({ HealthCheckConfig: { Type } }) => Type === 'CALCULATED')
    ? await readKept(ssm)
    : new Map<string, HealthCheckConfig>();
  return {
    recordSets,
    healthChecks: healthChecks.flatMap((check) => {
      if (check.HealthCheckConfig.Type !== 'CALCULATED') return [check];
      const whole = kept.get(check.Id);
      // The rest of it is kept a moment after it was created; nothing depends on it before.
      return whole === undefined ? [] : [{ Id: check.Id, HealthCheckConfig: whole }];
    }),
  };
}

/** Calculated checks whole, by id: the emulator drops their children. */
async function readKept(client: SSMClient): Promise<ReadonlyMap<string, HealthCheckConfig>> {
  const kept = new Map<string, HealthCheckConfig>();
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client }, { Path: KEPT_HEALTH_CHECKS }))
    for (const { Name = '', Value = '{}' } of Parameters)
      kept.set(Name.slice(KEPT_HEALTH_CHECKS.length + 1), JSON.parse(Value) as HealthCheckConfig);
  return kept;
}

async function listRecordSets(client: Route53Client, HostedZoneId: string): Promise<readonly ResourceRecordSet[]> {
  const { ResourceRecordSets = [], IsTruncated } = await client.send(
    new ListResourceRecordSetsCommand({ HostedZoneId }),
  );
  if (IsTruncated === true) throw new Error('the zone has more records than one page');
  return ResourceRecordSets as readonly ResourceRecordSet[];
}

async function listHealthChecks(client: Route53Client): Promise<readonly HealthCheck[]> {
  const { HealthChecks = [], IsTruncated } = await client.send(new ListHealthChecksCommand({}));
  if (IsTruncated === true) throw new Error('there are more health checks than one page');
  return HealthChecks.map(({ Id = '', HealthCheckConfig }) => ({
    Id,
    HealthCheckConfig: HealthCheckConfig as HealthCheck['HealthCheckConfig'],
  }));
}
