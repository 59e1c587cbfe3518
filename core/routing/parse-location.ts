import type { GeoLocation } from './record-set.ts';

/** `*`, `continent:AS`, `TW` or `US-CA` in the API's shape. The input has passed the schema. */
export function parseLocation(location: string): GeoLocation {
  if (location.startsWith('continent:')) return { ContinentCode: location.slice('continent:'.length) };
  const [country = '*', subdivision] = location.split('-');
  return subdivision === undefined ? { CountryCode: country } : { CountryCode: country, SubdivisionCode: subdivision };
}
