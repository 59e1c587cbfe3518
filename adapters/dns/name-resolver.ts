import { Resolver } from 'node:dns/promises';
import type { NameResolver, ResolverQuestion } from '../../core/ports.ts';
import { reasonOf, within } from '../within.ts';

/** Codes of a resolver that knows: there is no such name, or none with such a record. https://nodejs.org/api/dns.html#error-codes */
const KNOWN_TO_HAVE_NONE: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/** Names by a resolver of its own for each question, so that no answer is remembered from the last one. */
export function createNameResolver(): NameResolver {
  return {
    resolve: async (question) => {
      const resolver = new Resolver({ timeout: question.timeoutMs, tries: 1 });
      try {
        if (question.resolver !== undefined) resolver.setServers([question.resolver]);
        const values = await within(question.timeoutMs, (signal) => {
          signal.addEventListener('abort', () => resolver.cancel(), { once: true });
          return valuesOf(resolver, question);
        });
        return { answered: true, values };
      } catch (error) {
        if (KNOWN_TO_HAVE_NONE.has((error as { code?: string }).code ?? '')) return { answered: true, values: [] };
        return { answered: false, reason: reasonOf(error) };
      }
    },
  };
}

/** Text that was sent in pieces is one value. */
async function valuesOf(resolver: Resolver, { name, type }: ResolverQuestion): Promise<readonly string[]> {
  switch (type) {
    case 'A':
      return resolver.resolve4(name);
    case 'AAAA':
      return resolver.resolve6(name);
    case 'CNAME':
      return resolver.resolveCname(name);
    case 'NS':
      return resolver.resolveNs(name);
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''));
  }
}
