import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import type { Guard } from './guard.ts';

const SOURCE = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html';

/**
 * Every record with values says how long it may be cached, since a default would decide the recovery time; no alias
 * does, since it has no time of its own.
 */
export const explicitTtl: Guard = ({ tree }) =>
  tree.records.flatMap((record) => {
    const path = ['records', record.Name, record.SetIdentifier].filter((part) => part !== undefined).join('/');
    if (record.AliasTarget !== undefined) {
      return record.TTL === undefined
        ? []
        : [
            {
              path,
              message: 'an alias has a TTL',
              value: record.TTL,
              allowed: 'none',
              remedy: 'remove it',
              source: SOURCE,
            },
          ];
    }
    return hasTtl(record)
      ? []
      : [
          {
            path,
            message: 'the record has no explicit TTL',
            allowed: 'whole seconds, at least 0',
            remedy: 'set it where the record is compiled (core/routing/compile)',
            source: SOURCE,
            ...(record.TTL === undefined ? {} : { value: record.TTL }),
          },
        ];
  });

function hasTtl({ TTL }: ResourceRecordSet): boolean {
  return TTL !== undefined && Number.isInteger(TTL) && TTL >= 0;
}
