import { names } from '../../core/config/names.ts';
import { readSecrets } from './channel-secrets.ts';
import type { Grant } from './grant.ts';
import type { Site } from './site.ts';

/** The plans of this Region; without ListBucket a missing object answers 403 instead of 404. */
export function plans(
  { config, deployment, region }: Site,
  purpose: string,
  actions: readonly string[],
): readonly Grant[] {
  const bucket = `arn:${deployment.partition}:s3:::${names.planBucket(config, deployment, region)}`;
  return [
    {
      purpose,
      actions,
      resources: [`${bucket}/*`],
      patternBecause: 'a plan is named after the failback that asks for it, and its parts after what is found',
    },
    { purpose: 'FindPlans', actions: ['s3:ListBucket'], resources: [bucket] },
  ];
}

/** The tables of both Regions, read and repaired by a user of the database's own, whose URL is a secret. */
export function reachTables(site: Site): readonly Grant[] {
  const { connections = {} } = site.config.reconcile?.store ?? {};
  return readSecrets(site, { purpose: 'ReadDatabase', references: Object.values(connections) });
}
