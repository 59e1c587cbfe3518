import * as z from 'zod';
import { minutes, seconds } from './fields.ts';
import { PARITY_REVISIONS } from './parity-limits.ts';
import { regional } from './regional-field.ts';

/**
 * Name of a general purpose bucket.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
const bucketName = z.string().regex(/^(?!.*\.\.)(?!.*--x-s3$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
  error:
    'is not the name of a general purpose bucket; allowed: 3–63 characters of a–z, 0–9, "-" and ".", such as "storefront-media-{region}" (directory buckets list in no order)',
});

const blobsSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, {
      error: 'is no name of a manifest; allowed: 1–32 characters of a–z, 0–9 and "-", beginning with a letter',
    })
    .describe('What reasons and records call it.'),
  bucket: regional(bucketName).describe(
    'The general purpose bucket of each Region: one name with `{region}` in it, or a name per Region.',
  ),
  prefix: z.string().max(1024).default('').describe('Only keys that begin with it are compared.'),
  etags: z
    .enum(['compare', 'ignore'])
    .default('compare')
    .describe(
      '`ignore` compares keys and sizes alone: for objects under SSE-KMS or SSE-C, or uploaded in other parts in each Region, whose ETags differ though their bytes do not.',
    ),
  onlyInTarget: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe(
      '`allow` where deletions are not replicated, so that the other Region may hold more. `refuse` takes an object there for a difference once it has been found so for `settleMinutes`.',
    ),
  settleMinutes: minutes(0, 1440)
    .default(15)
    .describe(
      'An object younger than this is not judged: its copy may be on the way. 15 is what S3 Replication Time Control promises.',
    ),
});

const goldProbesSchema = z
  .strictObject({
    path: z
      .string()
      .startsWith('/')
      .refine((path) => !path.includes('?') && !path.includes('#'), {
        error: 'must have no query and no fragment; the number of the question is added as its query',
      })
      .describe('Where each Region answers `GET <path>?question=<n>` with `{ "vector": [ … ] }`.'),
    questions: z.int().min(1).max(50).default(10).describe('How many questions are asked, numbered from 1.'),
    maximumDrift: z
      .number()
      .min(0)
      .max(2)
      .default(0.03)
      .describe('Largest 1 − cosine similarity of the two vectors that answer a question.'),
    timeoutSeconds: seconds(1, 10).default(5).describe('How long an answer may take.'),
  })
  .describe('Questions that every Region must answer alike. Leave it out where nothing answers with vectors.');

const dedupeSchema = z
  .strictObject({
    component: z
      .string()
      .min(1)
      .default('dedupe-store')
      .describe('Component of the contract health document; it must be `passed` and say `"warm": true`.'),
  })
  .describe('The store of idempotency keys, seen from both Regions. Leave it out where there is none.');

/** What must be the same in two Regions before traffic goes from one to the other. */
export const paritySchema = z.strictObject({
  revisions: z
    .array(z.enum(PARITY_REVISIONS))
    .optional()
    .describe(
      'Revisions that must be exactly equal. Those of them that `contract.expected` names, unless given; `[]` for none.',
    ),
  blobs: z.array(blobsSchema).max(10).default([]).describe('Buckets whose objects must be the same.'),
  goldProbes: goldProbesSchema.optional(),
  dedupe: dedupeSchema.optional(),
  everyMinutes: minutes(1, 60).default(5).describe('Time between two comparisons while nothing is impaired.'),
  maximumAgeMinutes: minutes(2, 1440)
    .default(30)
    .describe('How long before the source was last heard of a comparison may have been made; an older one is unknown.'),
  whenUnknown: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe('What an item that could not be compared in time does to an operation: `allow` goes on and says so.'),
});
