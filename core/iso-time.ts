/** A moment as ISO 8601 in UTC. The one place of the core that builds a date, and only from a number it is given. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
