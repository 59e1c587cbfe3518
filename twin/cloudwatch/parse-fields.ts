import type * as z from 'zod';
import type { Problem } from '../../core/errors.ts';
import { joinPath, schemaProblems, unknownKey } from '../../core/schema-problems.ts';

/** The fields of an input object and what each must be. */
export type FieldShape = Readonly<Record<string, z.ZodType>>;

/** The fields that were in order; one that was not is left out, and has a problem. */
export type Fields<S extends FieldShape> = { readonly [K in keyof S]?: z.output<S[K]> };

/** An input of which nothing is known but that it is an object. */
export type InputObject = Readonly<Record<string, unknown>>;

/** True for an object that is no array. */
export function isObject(input: unknown): input is InputObject {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

/** Where an input stands, for the paths of its problems, and the page that says what it must be. */
export interface InputPlace {
  /** Empty for the root. */
  readonly path: string;
  readonly source: string;
}

/**
 * Reads an object field by field, so that a wrong field hides neither the other fields' problems nor the rules between
 * those that are right. Unknown fields are problems.
 */
export function parseFields<S extends FieldShape>(
  shape: S,
  input: InputObject,
  place: InputPlace,
): { readonly fields: Fields<S>; readonly problems: readonly Problem[] } {
  const problems: Problem[] = Object.keys(input)
    .filter((key) => !Object.hasOwn(shape, key) && input[key] !== undefined)
    .map((key) => unknownKey(joinPath(place.path, [key]), { source: place.source }));
  const fields: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    const result = schema.safeParse(input[key]);
    if (result.success) fields[key] = result.data;
    else {
      const path = joinPath(place.path, [key]);
      problems.push(...schemaProblems(result.error, { input: input[key], path, source: place.source }));
    }
  }
  return { fields: fields as Fields<S>, problems };
}
