import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** ISO 8601 with a zone; one without says a different moment in every place. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.(\d+))?)?(?:Z|[+-]\d\d:?\d\d)$/;
/** In seconds this is the year 5138, in milliseconds 1973: a number from here on counts milliseconds. */
const FIRST_MILLISECONDS = 1e11;
/** The year 5138 in milliseconds; what is above counts something smaller, and says no time here. */
const END_OF_MILLISECONDS = 1e14;

/**
 * The moment that an attribute says, epoch ms, microseconds as its fraction: a number of seconds since 1970 (below 1e11) or of milliseconds
 * (from there to 1e14), or an ISO 8601 text with its zone. `null` for anything else, and where there is none.
 */
export function epochMsOf(value: AttributeValue | undefined): number | null {
  if (value?.N !== undefined) return numberMs(Number(value.N));
  const [text, fraction = ''] = ISO_TIME.exec(value?.S ?? '') ?? [];
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : at + microseconds(fraction) / 1_000;
}

/** What the fraction of a second has beyond its milliseconds. */
function microseconds(fraction: string): number {
  return Number(fraction.slice(3, 6).padEnd(3, '0'));
}

function numberMs(number: number): number | null {
  if (!(number >= 0) || number >= END_OF_MILLISECONDS) return null;
  const microseconds = number < FIRST_MILLISECONDS ? number * 1_000_000 : number * 1_000;
  return Math.floor(microseconds) / 1_000;
}
