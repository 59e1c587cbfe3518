import { checksOf, homeRegion } from '../../../core/config/accessors.ts';
import { textFor } from '../../../core/config/regional.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import type { Ports, ResolverQuestion } from '../../../core/ports.ts';
import type { Network } from '../network.ts';
import { ownersOfNames } from './owners.ts';
import { type ReachSettings, reach } from './reach.ts';

/** What is left of every certificate, days. */
export const CERTIFICATE_DAYS = 90;
const DAY_MS = 86_400_000;

/** An answer for names of which no check says what is expected. */
const SOME_VALUE = {
  A: '192.0.2.1',
  AAAA: '2001:db8::1',
  CNAME: 'twin.invalid',
  NS: 'twin.invalid',
  TXT: 'twin',
} as const;

/** What probe clients look at. */
export interface ProbeClientSettings extends ReachSettings {
  readonly config: ResolvedConfig;
}

/**
 * Sockets, certificates and names as something in a Region has them. Sockets and certificates answer exactly while the
 * front door of the Region they belong to does, and a host that belongs to none is one of the home Region. Names resolve
 * whatever becomes of that Region, for whoever sees anything at all.
 */
export function createProbeClients(
  settings: ProbeClientSettings,
): (region: string) => Pick<Ports, 'tcp' | 'tls' | 'resolver'> {
  const { config, clock, network } = settings;
  const owners = ownersOfNames(config);
  const answers = (from: string, { host, timeoutMs }: { host: string; timeoutMs: number }): Promise<boolean> =>
    reach(settings, { from, to: owners.get(host) ?? homeRegion(config).id, timeoutMs });
  return (from) => ({
    tcp: {
      connect: async (peer) => {
        const accepted = await answers(from, peer);
        return { answered: true, accepted, reason: accepted ? '' : noAnswer(peer) };
      },
    },
    tls: {
      certificate: async (peer) =>
        (await answers(from, peer))
          ? { answered: true, validToEpochMs: clock.nowEpochMs() + CERTIFICATE_DAYS * DAY_MS }
          : { answered: false, reason: noAnswer(peer) },
    },
    resolver: {
      resolve: async (question) =>
        (await reach(settings, { from, to: from, timeoutMs: question.timeoutMs }, () => seesAnything(network, from)))
          ? { answered: true, values: valuesOf(config, question, owners.get(question.name)) }
          : { answered: false, reason: noAnswer(question) },
    },
  });
}

/** A resolver is in the Region that asks. */
function seesAnything(network: Network, from: string): boolean {
  return !network.isBlind(from) && !network.isDark(from);
}

/** What a check of the name expects. */
function valuesOf(config: ResolvedConfig, { name, type }: ResolverQuestion, owner?: string): readonly string[] {
  const region = owner ?? homeRegion(config).id;
  for (const { check } of checksOf(config)) {
    if (check.kind !== 'dns' || check.type !== type || textFor(check.name, region) !== name) continue;
    if (check.expected !== undefined) return check.expected.map((value) => textFor(value, region));
  }
  return [SOME_VALUE[type]];
}

function noAnswer({ timeoutMs }: { readonly timeoutMs: number }): string {
  return `no answer within ${timeoutMs} ms`;
}
