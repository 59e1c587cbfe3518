import { readFileSync } from 'node:fs';

/** A Region id, anywhere in a template: in a name, an ARN or a list. */
const REGION_ID = /\b[a-z]{2,4}(?:-[a-z]+)+-\d\b/g;

/**
 * Leaves out each template that differs from an earlier one in the ids of Regions alone, as the stacks of one app in
 * several Regions do: the linter knows no account and no Region, and would say of both the same.
 */
export function distinctTemplates(paths: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const shape = readFileSync(path, 'utf8').replaceAll(REGION_ID, '<region>');
    if (seen.has(shape)) return false;
    seen.add(shape);
    return true;
  });
}
