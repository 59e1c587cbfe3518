import type { ResolvedConfig } from '../../core/config/types.ts';
import type { DnsClient } from '../../core/ports.ts';
import { recordTypeOf } from '../../core/routing/compile/weighted-group.ts';
import { canonicalName } from '../../core/routing/dns-name.ts';
import { CHECKER_REGIONS } from '../../core/routing/route53-limits.ts';
import { draw, type Random } from '../random.ts';
import { UNKNOWN_CLIENT } from '../route53/answering/dns-client.ts';
import type { Route53 } from '../route53/route53.ts';
import type { TwinClock } from '../virtual-clock.ts';
import { LATENCIES } from './latencies.ts';
import type { Network } from './network.ts';

/** Where DNS queries are answered; every answering location is asked as a server of its own. */
export const DNS_LOCATIONS: readonly string[] = CHECKER_REGIONS;

/** A value and the share of questions that get it. */
export interface AnswerShare {
  readonly value: string;
  readonly share: number;
}

/** DNS as steps use it: each location is an authoritative server of its own. */
export function createDnsClient(
  { clock, network, random, route53 }: { clock: TwinClock; network: Network; random: Random; route53: Route53 },
  region: string,
): DnsClient {
  return {
    authoritativeServers: async () => DNS_LOCATIONS,
    query: async (location, question) => {
      await clock.sleep(draw(LATENCIES.dnsQuery.milliseconds, random));
      if (network.isDark(region)) return { answered: false, reason: 'no answer' };
      const { values } = route53.answer({ location, question, client: UNKNOWN_CLIENT, nowMs: clock.worldNow() });
      return { answered: true, values: values.map(({ value }) => canonicalName(value)) };
    },
    resolve: async () => [],
  };
}

/** The exact answers that a location gives to the application's name, by value. */
export function exactAnswers(
  route53: Route53,
  config: ResolvedConfig,
  at: { location: string; nowMs: number },
): readonly AnswerShare[] {
  const question = { name: config.record, type: recordTypeOf(config) };
  const { outcomes } = route53.distribution({ ...at, question, client: UNKNOWN_CLIENT });
  const shares = new Map<string, number>();
  for (const { probability, from, take } of outcomes) {
    for (const { values } of from) {
      for (const value of values) {
        const name = canonicalName(value);
        shares.set(name, (shares.get(name) ?? 0) + (probability * take) / from.length);
      }
    }
  }
  return [...shares].map(([value, share]) => ({ value, share })).toSorted((a, b) => (a.value < b.value ? -1 : 1));
}
