import * as z from 'zod';
import { apiName, canonicalName } from '../../../core/routing/dns-name.ts';
import { isIpv4, parseIpAddress } from '../../../core/routing/ip-address.ts';
import { RECORD_TYPES } from '../../../core/routing/record-set.ts';
import { NAME_SERVERS } from '../answering/default-apex-records.ts';
import type { Account } from './account.ts';
import { type ApiResult, apiError } from './api-error.ts';
import { defineOperation, type Operation } from './operation.ts';
import { findZone } from './record-set-operations.ts';

/** Bits of a client subnet where the request gives none (API_TestDNSAnswer, EDNS0ClientSubnetMask). */
const DEFAULT_IPV4_MASK = '24';
const DEFAULT_IPV6_MASK = '64';
/** Stands for a resolver in us-east-1, whose location nobody has told (API_TestDNSAnswer, ResolverIP). */
const DEFAULT_RESOLVER_IP = '0.0.0.0';

const shape = z.strictObject({
  HostedZoneId: z.string(),
  RecordName: z.string(),
  RecordType: z.enum(RECORD_TYPES),
  ResolverIP: z.string().optional(),
  EDNS0ClientSubnetIP: z.string().optional(),
  EDNS0ClientSubnetMask: z.coerce.string().optional(),
});

/** `TestDNSAnswer`: what the servers of the first location answer now. It is a control-plane call for all that. */
export function testDnsAnswerOperation(account: Account): Operation {
  return defineOperation(shape, (input) => testDnsAnswer(account, input));
}

function testDnsAnswer(account: Account, input: z.infer<typeof shape>): ApiResult<unknown> {
  const { output: zone, error } = findZone(account, input.HostedZoneId);
  if (zone === undefined) return { error };
  if (zone.isPrivate) return apiError('InvalidInput', 'This call only supports querying public hosted zones.');
  const from = input.EDNS0ClientSubnetIP ?? input.ResolverIP ?? DEFAULT_RESOLVER_IP;
  const address = parseIpAddress(from);
  if (address === undefined) return apiError('InvalidInput', `${from} is not an IP address.`);
  const mask = input.EDNS0ClientSubnetMask ?? (isIpv4(address) ? DEFAULT_IPV4_MASK : DEFAULT_IPV6_MASK);
  if (!/^\d{1,3}$/.test(mask) || Number(mask) > address.length * 8) {
    return apiError('InvalidInput', `${mask} is no subnet mask for ${from}.`);
  }
  const [location] = account.locations;
  const answer = account.nameServers.answer(
    {
      location: location ?? '',
      question: { name: input.RecordName, type: input.RecordType },
      client: account.clientAt(input.EDNS0ClientSubnetIP === undefined ? from : `${from}/${mask}`),
      nowMs: account.clock.now(),
    },
    account.clock.random,
  );
  return {
    output: {
      Nameserver: NAME_SERVERS[0],
      RecordName: apiName(canonicalName(input.RecordName)),
      RecordType: input.RecordType,
      RecordData: [...answer.cnames.map(({ target }) => apiName(target)), ...answer.values.map(({ value }) => value)],
      ResponseCode: answer.rcode,
      Protocol: 'UDP',
    },
  };
}
