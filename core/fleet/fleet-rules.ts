import { guardianRules, strongMembership } from '../config/rules/coordination.ts';
import type { Problem } from '../errors.ts';
import type { ParsedFleet } from './fleet-types.ts';

/** What is wrong with a fleet across its fields. The table and the guardians are judged as an application's are. */
export function fleetProblems(fleet: ParsedFleet): readonly Problem[] {
  const { regions, vantages, coordination, guardians, members, sentinels } = fleet;
  return [
    ...repeated('regions', regions),
    ...repeated('members', members),
    ...repeated('sentinels', sentinels),
    ...strongMembership(coordination),
    ...guardianRules(regions, [...regions, ...vantages], guardians).map(underFleet),
    ...sentinels.flatMap((sentinel, index) =>
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
    ),
  ];
}

/** An application has its guardians in a section; a fleet is that section. */
function underFleet(problem: Problem): Problem {
  return { ...problem, path: problem.path.replace(/^evacuation\./, '') };
}

function repeated(path: string, values: readonly string[]): readonly Problem[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) === index
      ? []
      : [{ path: `${path}[${index}]`, message: 'is listed twice', value, remedy: 'list it once' }],
  );
}
