import { guardianRules, strongMembership } from '../config/rules/coordination.ts';
import type { Problem } from '../errors.ts';
import type { ParsedFleet } from './fleet-types.ts';

/**
 * What is wrong with a fleet across its fields, of those that are themselves well-formed. The table and the guardians are
 * judged as an application's are.
 */
export function fleetProblems(fleet: Partial<ParsedFleet>): readonly Problem[] {
  const { regions, vantages, coordination, guardians, members, sentinels } = fleet;
  return [
    ...repeated('regions', regions),
    ...repeated('vantages', vantages),
    ...repeated('members', members),
    ...repeated('sentinels', sentinels),
    ...(coordination === undefined ? [] : strongMembership(coordination)),
    ...(regions === undefined || vantages === undefined || !('guardians' in fleet)
      ? []
      : guardianRules(regions, [...regions, ...vantages], guardians).map(underFleet)),
    ...(members === undefined || sentinels === undefined ? [] : strangers(sentinels, members)),
  ];
}

function strangers(sentinels: readonly string[], members: readonly string[]): readonly Problem[] {
  return sentinels.flatMap((sentinel, index) =>
    members.includes(sentinel)
      ? []
      : [
          {
            path: `sentinels[${index}]`,
            message: 'is no member of the fleet, so its verdict says nothing about it',
            value: sentinel,
            remedy: 'name a member, or add it to members',
          },
        ],
  );
}

/** An application has its guardians in a section; a fleet is that section. */
function underFleet(problem: Problem): Problem {
  return { ...problem, path: problem.path.replace(/^evacuation\./, '') };
}

function repeated(path: string, values: readonly string[] = []): readonly Problem[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) === index
      ? []
      : [{ path: `${path}[${index}]`, message: 'is listed twice', value, remedy: 'list it once' }],
  );
}
