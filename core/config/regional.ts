/** Stands for the id of the Region that a check looks at. */
export const REGION_PLACEHOLDER = '{region}';

/** A text with the placeholder in it, or one for each application Region. */
export type Regional = string | Readonly<Record<string, string>>;

/** What a regional field says of a Region; empty where a text per Region leaves it out, which the rules refuse. */
export function textFor(value: Regional, region: string): string {
  return fillIn(typeof value === 'string' ? value : (value[region] ?? ''), region);
}

/** A text with the Region in the place of the placeholder. */
export function fillIn(text: string, region: string): string {
  return text.replaceAll(REGION_PLACEHOLDER, region);
}
