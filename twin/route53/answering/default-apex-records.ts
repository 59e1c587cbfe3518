import { apiName, canonicalName } from '../../../core/routing/dns-name.ts';
import type { ResourceRecordSet } from '../../../core/routing/record-set.ts';

/** The TTL of the SOA and NS record sets that Route 53 creates (SOA-NSrecords; the console shows 172800 for NS). */
export const DEFAULT_SOA_TTL_SECONDS = 900;
/** Seconds of the NS record set's TTL, as Route 53 sets it: two days. */
export const DEFAULT_NS_TTL_SECONDS = 172_800;

/** The example name servers of SOA-NSrecords: a zone has four, one per top-level domain. */
export const NAME_SERVERS: readonly string[] = [
  'ns-2048.awsdns-64.com',
  'ns-2049.awsdns-65.net',
  'ns-2050.awsdns-66.org',
  'ns-2051.awsdns-67.co.uk',
];

/** The values of the SOA that Route 53 creates: serial, refresh, retry, expire, minimum (SOA-NSrecords). */
const SOA_NUMBERS = '1 7200 900 1209600 86400';

/** The SOA and NS record sets that every hosted zone is born with. */
export function defaultApexRecords(apex: string, nameServers = NAME_SERVERS): readonly ResourceRecordSet[] {
  const Name = apiName(apex);
  return [
    {
      Name,
      Type: 'NS',
      TTL: DEFAULT_NS_TTL_SECONDS,
      ResourceRecords: nameServers.map((server) => ({ Value: `${server}.` })),
    },
    {
      Name,
      Type: 'SOA',
      TTL: DEFAULT_SOA_TTL_SECONDS,
      ResourceRecords: [{ Value: `${nameServers[0]}. awsdns-hostmaster.amazon.com. ${SOA_NUMBERS}` }],
    },
  ];
}

/** The record sets of a zone, with its SOA and NS added where the list leaves them out. */
export function withApexRecords(recordSets: readonly ResourceRecordSet[], apex: string): readonly ResourceRecordSet[] {
  const missing = defaultApexRecords(apex).filter(
    ({ Type }) => !recordSets.some((other) => other.Type === Type && canonicalName(other.Name) === apex),
  );
  return [...recordSets, ...missing];
}
