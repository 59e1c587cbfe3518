/** Whether two JSON values have the same content, whatever the order of their keys: a table gives keys back in its own. */
export function isSameContent(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => isSameContent((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
}
