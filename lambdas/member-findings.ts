import type { MemberFinding } from '../state-machines/contracts-fleet.ts';

/** Members named one by one; of more only the number is told. */
const MOST_NAMED = 20;

/** Who it is about and why, in a line that stays short however many they are. */
export function describeFindings(members: readonly string[], findings: readonly MemberFinding[]): string {
  const reasons = new Map(findings.map(({ application, reason }) => [application, reason]));
  const named = members
    .slice(0, MOST_NAMED)
    .map((member) => `${member} (${reasons.get(member) || 'nothing is known'})`);
  const more = members.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
