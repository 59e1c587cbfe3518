import { apiName, canonicalName } from './dns-name.ts';
import type { ResourceRecordSet } from './record-set.ts';

/** What IAM compares with a policy's conditions when a change batch is sent; each list sorted, without repeats. */
export interface ChangeConditionValues {
  /** Lower case, no trailing dot, `\ooo` for everything but letters, digits, hyphens, underscores and delimiting dots. */
  readonly 'route53:ChangeResourceRecordSetsNormalizedRecordNames': readonly string[];
  readonly 'route53:ChangeResourceRecordSetsRecordTypes': readonly string[];
  /** Upper case. */
  readonly 'route53:ChangeResourceRecordSetsActions': readonly string[];
}

/**
 * The values of Route 53's condition keys for a batch of changes, e.g. to write the policy that allows just them.
 *
 * Source: DeveloperGuide specifying-rrset-conditions.
 */
export function changeConditionValues(
  changes: readonly { readonly Action: string; readonly ResourceRecordSet: Pick<ResourceRecordSet, 'Name' | 'Type'> }[],
): ChangeConditionValues {
  const recordSets = changes.map((change) => change.ResourceRecordSet);
  return {
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': distinct(
      recordSets.map(({ Name }) => apiName(canonicalName(Name)).slice(0, -1)),
    ),
    'route53:ChangeResourceRecordSetsRecordTypes': distinct(recordSets.map(({ Type }) => Type.toUpperCase())),
    'route53:ChangeResourceRecordSetsActions': distinct(changes.map(({ Action }) => Action.toUpperCase())),
  };
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
