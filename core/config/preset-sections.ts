import * as z from 'zod';
import { POLICIES, TIERS } from '../reconcile/entity.ts';
import { entityName } from './fields.ts';

/** The accelerator in front of all Regions (preset `global-load-balancer`). */
export const acceleratorSchema = z
  .strictObject({
    dnsName: z
      .string()
      .regex(/^[a-z0-9-]{1,63}\.(dualstack\.)?awsglobalaccelerator\.com$/, {
        error: 'is no DNS name of an accelerator; allowed: a form like "a1234567890abcdef.awsglobalaccelerator.com"',
      })
      .describe('DNS name of the accelerator, whose endpoint groups are yours.'),
  })
  .describe('`global-load-balancer` only: the AWS Global Accelerator that the record leads to.');

/** Who wins where two Regions changed the same thing (preset `data-active-active`). */
export const conflictsSchema = z
  .record(
    entityName,
    z.strictObject({
      tier: z.enum(TIERS).describe('`critical`: no version may be lost silently, such as orders and payments.'),
      policy: z
        .enum(POLICIES)
        .describe('Which of two versions stays; `merge`: your application makes one of both, `manual`: a person does.'),
    }),
  )
  .describe(
    '`data-active-active` only: by entity, what the data store does with a conflict. Kept in the record of every failback, and what `reconcile` goes by where it says nothing else.',
  );

/** Where writes wait while nobody may commit (preset `queue-based-writes`). */
export const writeBufferSchema = z
  .strictObject({
    retentionDays: z
      .int()
      .min(1)
      .max(14)
      .default(14)
      .describe('How long a write waits at most; 14 days is the longest that Amazon SQS keeps a message.'),
    visibilitySeconds: z
      .int()
      .min(1)
      .max(43_200)
      .default(60)
      .describe('How long the application has to apply a write that it took.'),
  })
  .describe(
    '`queue-based-writes` only: a queue in every Region for writes that nobody may commit now. The application fills and replays it.',
  );
