/** A result as JSON that a person can read too. */
export function renderJson(result: unknown): string {
  return JSON.stringify(result, undefined, 2);
}
