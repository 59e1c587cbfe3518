import { totalOf } from './difference.ts';
import type { PlanSection } from './plan.ts';

/** Fewest rows that are many: below it a share of a table says nothing. */
export const MANY_ROWS = 100;
/** Largest share of an entity's rows that is deleted without a person being asked. */
export const DELETED_SHARE = 0.01;
/** Largest share that is overwritten without a person being asked; a version that loses is no row that is gone. */
export const OVERWRITTEN_SHARE = 0.1;

/**
 * Why a plan for an entity looks like a mistake rather than like two Regions that were parted: a table that was not restored
 * yet, or one of another schema. A person is to look at it before it is carried out.
 */
export function doubtsAbout(section: PlanSection): readonly string[] {
  const { name, compared, deletes, overwrites } = section;
  return [
    ...emptySide(section),
    ...(isMany(deletes, compared, DELETED_SHARE) ? [`${deletes} of ${compared} rows of ${name} would be deleted`] : []),
    ...(isMany(overwrites, compared, OVERWRITTEN_SHARE)
      ? [`${overwrites} of ${compared} rows of ${name} would be overwritten`]
      : []),
  ];
}

/** A side that has none of the rows that were looked at has no rows at all. */
function emptySide({ name, compared, differences }: PlanSection): readonly string[] {
  if (compared === 0 || totalOf(differences) < compared) return [];
  if (differences['missing-in-source'] === compared)
    return [`${name} is empty in source, and has ${compared} rows in target`];
  return differences['missing-in-target'] === compared
    ? [`${name} is empty in target, and has ${compared} rows in source`]
    : [];
}

function isMany(rows: number, of: number, share: number): boolean {
  return rows > MANY_ROWS && rows > of * share;
}
