import * as z from 'zod';

/** An AWS Region id such as `ap-southeast-1`. New Regions appear, so the form is checked, not a list. */
export const regionId = z
  .string()
  .regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, { error: 'is not an AWS Region id; allowed: a form like "ap-southeast-1"' });

/** An IPv4 address. */
export const ipv4 = z.ipv4({ error: 'is no IPv4 address; allowed: four numbers from 0 to 255, such as "192.0.2.10"' });

/** A whole number of seconds. */
export function seconds(least: number, most: number): z.ZodInt {
  return z.int().min(least).max(most);
}

/** A whole number of minutes. */
export function minutes(least: number, most: number): z.ZodInt {
  return z.int().min(least).max(most);
}

/** A percentage, 0 to 100. */
export const percent = z.number().min(0).max(100);

const LABEL = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';

/** A fully qualified DNS name in lower case without the trailing dot; decided once, here. */
export const dnsName = z
  .string()
  .max(253)
  .regex(new RegExp(`^(${LABEL}\\.)+${LABEL}$`), {
    error: 'is not a DNS name; allowed: lower-case labels of a–z, 0–9, "-" and "_" joined by dots, no trailing dot',
  });

/**
 * Name of a Lambda function of the user's, with or without an alias or version.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (FunctionName: 64 characters)
 */
export const functionName = z.string().regex(/^[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,128})?$/, {
  error: 'is not the name of a function; allowed: letters, digits, "-" and "_", at most 64, with ":alias" or without',
});

/** Name of what is compared and repaired together, as people call it. */
export const entityName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, {
  error: 'is no name of an entity; allowed: 1–63 characters of a–z, 0–9 and "-", beginning with a letter',
});
