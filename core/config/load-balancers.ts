import * as z from 'zod';
import { regionId } from './fields.ts';

// Forward weights: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html (0 to 999)
const MOST_WEIGHT = 999;
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html (target groups per action)
const MOST_TARGET_GROUPS = 5;

const ELB_ARN = 'arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\\d{12}';

function elbArn(what: string, form: string): z.ZodString {
  return z.string().regex(new RegExp(`^${ELB_ARN}:${form}/[A-Za-z0-9/_-]+$`), {
    error: `is no ARN of ${what}; allowed: a form like "arn:aws:elasticloadbalancing:<region>:<account>:${form}/…"`,
  });
}

const weights = z
  .record(
    regionId,
    z
      .record(elbArn('a target group', 'targetgroup'), z.int().min(0).max(MOST_WEIGHT))
      .refine((groups) => Object.values(groups).some((weight) => weight > 0), {
        error: 'gives every target group the weight 0; allowed: at least one above 0',
      })
      .refine((groups) => Object.keys(groups).length <= MOST_TARGET_GROUPS, {
        error: `names more target groups than an action takes; allowed: at most ${MOST_TARGET_GROUPS}`,
      }),
  )
  .describe('By the Region that serves: the weight of each target group, by its ARN.');

const loadBalancer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('listener').describe('The default action of a listener of an Application Load Balancer.'),
    arn: elbArn('a listener', 'listener').describe('Its ARN; the Region in it is an application Region.'),
    weights,
  }),
  z.strictObject({
    kind: z.literal('rule').describe('A rule of a listener of an Application Load Balancer.'),
    arn: elbArn('a rule', 'listener-rule').describe('Its ARN; the Region in it is an application Region.'),
    weights,
  }),
  z.strictObject({
    kind: z.literal('accelerator').describe('The traffic dials of an accelerator of AWS Global Accelerator.'),
    endpointGroups: z
      .record(
        regionId,
        z
          .string()
          .regex(
            /^arn:aws[a-z-]*:globalaccelerator::\d{12}:accelerator\/[A-Za-z0-9-]+\/listener\/[A-Za-z0-9]+\/endpoint-group\/[A-Za-z0-9]+$/,
            {
              error:
                'is no ARN of an endpoint group; allowed: a form like "arn:aws:globalaccelerator::<account>:accelerator/…/listener/…/endpoint-group/…"',
            },
          ),
      )
      .describe('By Region, the ARN of its endpoint group: 100 % where it serves, 0 % in the Region that is left.'),
  }),
]);
/** Something in front of the Regions besides DNS that moves with them. */
export type LoadBalancer = Readonly<z.output<typeof loadBalancer>>;
/** A forward action whose weights are set. */
export type Forwarder = Extract<LoadBalancer, { readonly kind: 'listener' | 'rule' }>;

/** What else is moved after the records. */
export const loadBalancersSchema = z
  .array(loadBalancer)
  .max(20)
  .default([])
  .describe(
    'Load balancers and accelerators that are adjusted after the records, and back on the way back. Best effort: what cannot be set is in the record of the operation and fails nothing.',
  );
