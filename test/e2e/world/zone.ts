import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
} from '@aws-sdk/client-route-53';
import type { AwsCalls } from '../aws-calls.ts';
import { HOSTS, ZONE_NAME } from '../example.ts';

/** Creates the zone as its owner has it before Switchyard: the hosts of the Regions. Gives its id. */
export async function createZone(aws: AwsCalls): Promise<string> {
  const { HostedZone } = await aws
    .route53()
    .send(new CreateHostedZoneCommand({ Name: ZONE_NAME, CallerReference: String(Date.now()) }));
  const HostedZoneId = HostedZone?.Id?.split('/').at(-1) ?? '';
  await changeHosts(aws, { HostedZoneId, Action: 'CREATE' });
  return HostedZoneId;
}

/** Takes it away again, so that an emulator that goes on running can be used once more. */
export async function removeZone(aws: AwsCalls, HostedZoneId: string): Promise<void> {
  await changeHosts(aws, { HostedZoneId, Action: 'DELETE' });
  await aws.route53().send(new DeleteHostedZoneCommand({ Id: HostedZoneId }));
}

async function changeHosts(
  aws: AwsCalls,
  { HostedZoneId, Action }: { readonly HostedZoneId: string; readonly Action: 'CREATE' | 'DELETE' },
): Promise<void> {
  const Changes = Object.values(HOSTS).map((Name) => ({
    Action,
    ResourceRecordSet: { Name, Type: 'A' as const, TTL: 60, ResourceRecords: [{ Value: '127.0.0.1' }] },
  }));
  await aws.route53().send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
}
