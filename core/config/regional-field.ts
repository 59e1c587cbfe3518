import * as z from 'zod';
import { regionId } from './fields.ts';
import { fillIn } from './regional.ts';

/** A Region that a text is judged with, since it has to hold once it is filled in. */
const SAMPLE_REGION = 'ap-southeast-1';

/** A field that may differ between Regions; every text of it must fit the schema once the Region is filled in. */
export function regional(schema: z.ZodType<string>): z.ZodUnion<[z.ZodString, z.ZodRecord<z.ZodString, z.ZodString>]> {
  const text = z.string().superRefine((value, context) => {
    const judged = schema.safeParse(fillIn(value, SAMPLE_REGION));
    for (const issue of judged.error?.issues ?? []) context.addIssue({ code: 'custom', message: issue.message });
  });
  return z.union([text, z.record(regionId, text)]);
}
