import { readFileSync } from 'node:fs';

/** A Region id, anywhere in a template: in a name, an ARN or a list. */
const REGION_ID = /\b[a-z]{2,4}(?:-[a-z]+)+-\d\b/g;

/** What CDK puts at the end of a logical id: a digest of its path, or two, in which Regions may be named too. */
const PATH_DIGEST = '(?:[0-9A-F]{8})+';

/**
 * Leaves out each template that differs from an earlier one in the ids of Regions alone, as the stacks of one app in
 * several Regions do: the linter knows no account and no Region, and would say of both the same.
 */
export function distinctTemplates(paths: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const shape = withoutRegions(readFileSync(path, 'utf8'));
    if (seen.has(shape)) return false;
    seen.add(shape);
    return true;
  });
}

/** Logical ids hold letters and digits alone, so a Region is spelled without its dashes there. */
function withoutRegions(template: string): string {
  const named = [...new Set(template.match(REGION_ID) ?? [])].map((id) => id.replaceAll('-', ''));
  const inLogicalId = new RegExp(`(?:${named.join('|')})(\\w*?)${PATH_DIGEST}\\b`, 'g');
  const text = template.replaceAll(REGION_ID, '<region>');
  return named.length === 0 ? text : text.replaceAll(inLogicalId, '<region>$1');
}
