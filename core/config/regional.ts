import * as z from 'zod';
import { regionId } from './fields.ts';

/** Stands for the id of the Region that a check looks at. */
export const REGION_PLACEHOLDER = '{region}';
/** A Region that a text is judged with, since it has to hold once it is filled in. */
const SAMPLE_REGION = 'ap-southeast-1';

/** A text with the placeholder in it, or one for each application Region. */
export type Regional = string | Readonly<Record<string, string>>;

/** A field that may differ between Regions; every text of it must fit the schema once the Region is filled in. */
export function regional(schema: z.ZodType<string>): z.ZodUnion<[z.ZodString, z.ZodRecord<z.ZodString, z.ZodString>]> {
  const text = z.string().superRefine((value, context) => {
    const judged = schema.safeParse(fillIn(value, SAMPLE_REGION));
    for (const issue of judged.error?.issues ?? []) context.addIssue({ code: 'custom', message: issue.message });
  });
  return z.union([text, z.record(regionId, text)]);
}

/** What a regional field says of a Region; empty where a text per Region leaves it out, which the rules refuse. */
export function textFor(value: Regional, region: string): string {
  return fillIn(typeof value === 'string' ? value : (value[region] ?? ''), region);
}

function fillIn(text: string, region: string): string {
  return text.replaceAll(REGION_PLACEHOLDER, region);
}
