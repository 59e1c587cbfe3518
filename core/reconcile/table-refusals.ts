import { ReconcileError } from './errors.ts';

/** Why the tables of an entity cannot be compared. */
export interface Refusal {
  readonly entity: string;
  readonly error: ReconcileError;
}

/**
 * Tells what is wrong with all of them at once, each under its entity; what is wrong with a whole store, such as a refused
 * password, is told once.
 *
 * @throws {ReconcileError} of the name of the first; nothing where there is none
 */
export function throwRefusals(refusals: readonly Refusal[]): void {
  const [first] = refusals;
  if (first === undefined) return;
  if (refusals.length === 1 && isAbout(first.entity, first.error.message)) throw first.error;
  const told = new Map<string, string>();
  for (const { entity, error } of refusals) {
    const fact = factOf(entity, error.message);
    const text = isAbout(entity, error.message) ? error.message : `${entity}: ${error.message}`;
    if (!told.has(fact)) told.set(fact, text);
  }
  const { name, source, context, cause } = first.error;
  throw new ReconcileError(name, [...told.values()].join('\n'), { source, context, cause });
}

/** Without the entity's name where it begins with that, so that two refusals for one reason are seen to be that. */
function factOf(entity: string, message: string): string {
  return isAbout(entity, message) ? message.slice(entity.length) : `${entity}: ${message}`;
}

function isAbout(entity: string, message: string): boolean {
  return message.startsWith(`${entity} `) || message.startsWith(`${entity}: `);
}
