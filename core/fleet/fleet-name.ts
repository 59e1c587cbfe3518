import * as z from 'zod';

/** A fleet's resources are named as those of an application `fleet-<name>` would be, which has 20 characters at most. */
export const fleetNameSchema = z.string().regex(/^[a-z]([a-z0-9-]{0,12}[a-z0-9])?$/, {
  error: 'must be 1–14 characters of a–z, 0–9 and "-", beginning with a letter; it becomes part of bucket names',
});
