import { CreateDBClusterCommand, CreateGlobalClusterCommand } from '@aws-sdk/client-rds';
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
