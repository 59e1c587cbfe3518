import * as z from 'zod';
import { minutes, regionId, seconds } from '../config/fields.ts';
import { fleetNameSchema } from './fleet-name.ts';

/**
 * Members of one fleet. What the machine carries about each of them, its name and one line on its fence, must stay within
 * 256 KiB: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (maximum input or result size)
 */
export const MOST_MEMBERS = 1_500;

/** As in the config of an application: it becomes part of names. */
const applicationName = z.string().regex(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/, {
  error: 'is not the name of an application; allowed: 1–20 characters of a–z, 0–9 and "-", beginning with a letter',
});

/** The fields of a fleet, as a person writes them. Unknown keys are errors. */
export const fleetSchema = z.strictObject({
  fleet: fleetNameSchema.describe('Name of the fleet; part of every resource name.'),
  regions: z
    .array(regionId)
    .min(2)
    .describe('Application Regions that every member runs in; the first is the one they serve from at rest.'),
  vantages: z.array(regionId).default([]).describe('Vantage Regions of the members that may guard.'),
  coordination: z
    .strictObject({
      replicas: z.array(regionId).min(2).describe('Replicas of the strongly consistent table, as in every member.'),
      witness: regionId.optional().describe('Third member of the quorum where there are two replicas.'),
    })
    .describe("The fleet's own strongly consistent table; its members have theirs in the same Regions."),
  guardians: z
    .record(z.string(), z.array(regionId))
    .optional()
    .describe("For each Region the two others that hold the fleet's switch, and the members' own."),
  members: z.array(applicationName).min(1).max(MOST_MEMBERS).describe('The applications that leave together.'),
  sentinels: z
    .array(applicationName)
    .min(1)
    .describe('Members whose own verdict on a Region speaks for it: more than half of them start the evacuation.'),
  fenceSeconds: seconds(30, 600)
    .default(90)
    .describe('How long a member may take to be fenced before the fleet is not moved together.'),
  followMinutes: minutes(1, 240).default(60).describe('How long the fleet watches its members finish.'),
});
