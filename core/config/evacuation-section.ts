import * as z from 'zod';
import { fleetNameSchema } from '../fleet/fleet-name.ts';
import { regionId } from './fields.ts';

/** Endpoints of every cluster: https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.about.html */
export const CLUSTER_ENDPOINTS = 5;

/** What takes a Region out of the answers without any control plane. */
export const SWITCH_KINDS = ['s3', 'cloudwatch', 'arc'] as const;

/** `arn:aws:route53-recovery-control::<account>:controlpanel/<id>/routingcontrol/<id>`. */
const routingControlArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:route53-recovery-control::\d{12}:controlpanel\/[0-9a-f]+\/routingcontrol\/[0-9a-f]+$/, {
    error: 'is not the ARN of a routing control; copy it from the control panel in Application Recovery Controller',
  });

/** How a Region is left: the switch, who keeps it, and whom it moves. */
export const evacuationSchema = z.strictObject({
  kind: z
    .enum(SWITCH_KINDS)
    .default('s3')
    .describe(
      'The switch: `s3`, an object in two guardian Regions; `cloudwatch`, a metric and an alarm there; `arc`, your own routing controls (docs/evacuation-switches.md).',
    ),
  guardians: z
    .record(z.string(), z.array(regionId))
    .optional()
    .describe(
      'For each Region the two others that hold its switch; chosen from the application and vantage Regions where not given.',
    ),
  routingControls: z
    .strictObject({
      endpoints: z
        .array(z.strictObject({ region: regionId, url: z.url({ protocol: /^https$/ }) }))
        .length(CLUSTER_ENDPOINTS)
        .describe('The five endpoints of the cluster, tried in random order.'),
      controls: z
        .record(z.string(), routingControlArn)
        .describe('For each application Region its routing control; On: it may serve.'),
    })
    .optional()
    .describe('Existing routing controls of Application Recovery Controller; needed for the kind `arc`.'),
  scopes: z
    .array(z.enum(['application', 'fleet']))
    .min(1)
    .default(['application'])
    .describe('What one switch moves: this application, and with `fleet` every member of a fleet together.'),
  fleet: z
    .strictObject({
      name: fleetNameSchema.describe('The fleet, as its own config names it.'),
      members: z
        .int()
        .min(1)
        .max(10_000)
        .describe('Applications that share the Route 53 API of the account: how rarely each may write its records.'),
      sentinels: z
        .array(z.string())
        .default([])
        .describe("Members whose own verdicts start the fleet's evacuation, as the fleet's config names them."),
    })
    .optional()
    .describe('The fleet that this application belongs to; needed for the scope `fleet`.'),
});
