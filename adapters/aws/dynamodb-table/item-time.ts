import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** ISO 8601 with a zone; one without says a different moment in every place. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;
/** In seconds this is the year 5138, in milliseconds 1973: a number from here on counts milliseconds. */
const FIRST_MILLISECONDS = 1e11;
/** The year 5138 in milliseconds; what is above counts something smaller, and says no time here. */
const END_OF_MILLISECONDS = 1e14;

/**
 * The moment that an attribute says, epoch ms, downwards: a number of seconds since 1970 (below 1e11) or of milliseconds
 * (from there to 1e14), or an ISO 8601 text with its zone. `null` for anything else, and where there is none.
 */
export function epochMsOf(value: AttributeValue | undefined): number | null {
  if (value?.N !== undefined) return numberMs(Number(value.N));
  if (value?.S === undefined || !ISO_TIME.test(value.S)) return null;
  const at = Date.parse(value.S);
  return Number.isNaN(at) ? null : at;
}

function numberMs(number: number): number | null {
  if (!(number >= 0) || number >= END_OF_MILLISECONDS) return null;
  return Math.floor(number < FIRST_MILLISECONDS ? number * 1_000 : number);
}
