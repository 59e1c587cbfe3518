import * as z from 'zod';
import { functionName, seconds } from './fields.ts';

const size = {
  desired: z
    .int()
    .min(1)
    .max(100_000)
    .describe('How many of it run where the Region serves. More than that is never taken away.'),
  minimumPercent: z
    .int()
    .min(1)
    .max(100)
    .default(100)
    .describe('How much of that has to run before the operation goes on, percent.'),
};

const scaleTarget = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ecs-service').describe('A service of Amazon ECS.'),
    cluster: z.string().min(1).max(255).describe('Name of its cluster, the same in every Region.'),
    service: z.string().min(1).max(255).describe('Its name, the same in every Region.'),
    ...size,
  }),
  z.strictObject({
    kind: z.literal('auto-scaling-group').describe('A group of Amazon EC2 Auto Scaling.'),
    name: z.string().min(1).max(255).describe('Its name, the same in every Region.'),
    ...size,
  }),
  z.strictObject({
    kind: z
      .literal('custom')
      .describe('Anything else, such as a deployment of Amazon EKS, through a function of your own.'),
    name: z.string().min(1).max(255).describe('What the function and the record call it.'),
    function: functionName.describe('Name of the function; every application Region has it (docs/data-tiers.md).'),
    ...size,
  }),
]);
/** One thing that is scaled before a standby takes over. */
export type ScaleTarget = Readonly<z.output<typeof scaleTarget>>;

/** What grows before a standby takes over (presets `warm-standby` and `cold-standby`). */
export const scalingSchema = z
  .strictObject({
    targets: z.array(scaleTarget).min(1).max(20).describe('What has to grow, named alike in every Region.'),
    deadlineSeconds: seconds(30, 3600)
      .default(600)
      .describe('What does not run by then, counted from the request, holds the operation for a person.'),
  })
  .describe('`warm-standby` and `cold-standby` only: what has to run before a standby takes over.');
