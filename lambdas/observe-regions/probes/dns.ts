import type { CheckOf } from '../../../core/config/checks.ts';
import { textFor } from '../../../core/config/regional.ts';
import type { ProbeResult } from '../../../core/health/check-state.ts';
import { canonicalName } from '../../../core/routing/dns-name.ts';
import { type ProbeContext, timeoutMsOf } from './context.ts';
import { broken, failed, PASSED } from './verdict.ts';

/**
 * Resolves a name: it has failed where it has no value, or one that is not expected. A resolver that does not answer
 * says nothing about the name.
 */
export async function probeDns(check: CheckOf<'dns'>, { subject, ports }: ProbeContext): Promise<ProbeResult> {
  const { type, resolver, expected } = check;
  const name = textFor(check.name, subject.id);
  const answer = await ports.resolver.resolve({
    name,
    type,
    ...(resolver === undefined ? {} : { resolver: textFor(resolver, subject.id) }),
    timeoutMs: timeoutMsOf(check),
  });
  if (!answer.answered) return broken(answer.reason);
  if (answer.values.length === 0) return failed(`${name} has no ${type} record`);
  const allowed = new Set(expected?.map((value) => comparable(type, textFor(value, subject.id))));
  const others = expected === undefined ? [] : answer.values.filter((value) => !allowed.has(comparable(type, value)));
  return others.length === 0 ? PASSED : failed(`${name} has the unexpected value ${others.join(', ')}`);
}

/** Names are the same in any case and with or without the last dot; text is not. */
function comparable(type: CheckOf<'dns'>['type'], value: string): string {
  return type === 'TXT' ? value : canonicalName(value);
}
