import type { Grant } from './grant.ts';
import type { Site } from './site.ts';

/** Functions of the user's by their names, in the Region where the caller runs; none where none is named. */
export function callsOf(
  { deployment: { account, partition }, region }: Pick<Site, 'deployment' | 'region'>,
  purpose: string,
  named: readonly string[],
): readonly Grant[] {
  if (named.length === 0) return [];
  const resources = [...new Set(named)].map((name) => `arn:${partition}:lambda:${region}:${account}:function:${name}`);
  return [{ purpose, actions: ['lambda:InvokeFunction'], resources }];
}
