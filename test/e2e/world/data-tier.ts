import {
  CreateDBClusterCommand,
  CreateGlobalClusterCommand,
  DeleteDBClusterCommand,
  DeleteGlobalClusterCommand,
  DescribeGlobalClustersCommand,
  RemoveFromGlobalClusterCommand,
} from '@aws-sdk/client-rds';
import type { AwsCalls } from '../aws-calls.ts';

/** Name of the application's database cluster in a Region. */
export function clusterIdIn(globalCluster: string, region: string): string {
  return `${globalCluster}-${region}`;
}

/** The application's global database, as it is before Switchyard is deployed; the writer is in the first Region. */
export async function createGlobalDatabase(
  aws: AwsCalls,
  { globalCluster, regions }: { readonly globalCluster: string; readonly regions: readonly string[] },
): Promise<void> {
  const [home = ''] = regions;
  const Engine = 'aurora-postgresql';
  await aws.rds(home).send(new CreateGlobalClusterCommand({ GlobalClusterIdentifier: globalCluster, Engine }));
  for (const region of regions) {
    await aws.rds(region).send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: clusterIdIn(globalCluster, region),
        GlobalClusterIdentifier: globalCluster,
        Engine,
        ...(region === home ? { MasterUsername: 'local', MasterUserPassword: 'only-for-the-emulator' } : {}),
      }),
    );
  }
}

/** Takes it away again, so that an emulator that goes on running can be used once more. */
export async function removeGlobalDatabase(aws: AwsCalls, GlobalClusterIdentifier: string): Promise<void> {
  const anywhere = aws.rds('us-east-1');
  const { GlobalClusters } = await anywhere.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier }));
  const members = GlobalClusters?.[0]?.GlobalClusterMembers ?? [];
  // Readers first: a writer with readers cannot leave.
  for (const { DBClusterArn = '' } of members.toSorted((a, b) => Number(a.IsWriter) - Number(b.IsWriter))) {
    const [, , , region = '', , , DBClusterIdentifier = ''] = DBClusterArn.split(':');
    const rds = aws.rds(region);
    const leave = { GlobalClusterIdentifier, DbClusterIdentifier: DBClusterArn };
    await rds.send(new RemoveFromGlobalClusterCommand(leave));
    await rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }));
  }
  await anywhere.send(new DeleteGlobalClusterCommand({ GlobalClusterIdentifier }));
}
