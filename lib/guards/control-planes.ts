import { actionsOverlap } from './action-pattern.ts';

/**
 * Actions that are served from one Region for all of them, reading included, and from where. S3 serves its buckets'
 * settings of every Region through us-east-1; of STS, AssumeRoot alone rests on the control plane of IAM.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-endpoint-best-practices.html
 */
const GLOBAL_CONTROL_PLANES: readonly { readonly actions: string; readonly servedFrom: string }[] = [
  { actions: 'route53:*', servedFrom: 'us-east-1' },
  { actions: 'route53domains:*', servedFrom: 'us-east-1' },
  { actions: 'route53-recovery-control-config:*', servedFrom: 'us-west-2' },
  { actions: 'route53-recovery-readiness:*', servedFrom: 'us-west-2' },
  { actions: 'globalaccelerator:*', servedFrom: 'us-west-2' },
  { actions: 'networkmanager:*', servedFrom: 'us-west-2' },
  { actions: 'cloudfront:*', servedFrom: 'us-east-1' },
  { actions: 'iam:*', servedFrom: 'us-east-1' },
  { actions: 'organizations:*', servedFrom: 'us-east-1' },
  { actions: 'account:*', servedFrom: 'us-east-1' },
  { actions: 's3:CreateBucket', servedFrom: 'us-east-1' },
  { actions: 's3:DeleteBucket*', servedFrom: 'us-east-1' },
  { actions: 's3:PutBucket*', servedFrom: 'us-east-1' },
  // What the API calls PutBucketLifecycle and the like is granted by these names.
  { actions: 's3:Put*Configuration', servedFrom: 'us-east-1' },
  { actions: 'sts:AssumeRoot', servedFrom: 'us-east-1' },
];

/** Where an action is served from if it is one of a global control plane, or a pattern that covers one. */
export function servedFrom(action: string): string | undefined {
  return GLOBAL_CONTROL_PLANES.find(({ actions }) => actionsOverlap(actions, action))?.servedFrom;
}

const GLOBAL_ENDPOINT = /(^|[/.])(sts|iam|route53|s3|cloudfront|globalaccelerator|organizations)\.amazonaws\.com/;
const REGIONAL_ENDPOINT = /\.([a-z]{2,4}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com|api\.aws|on\.aws)/;

/** Whether a setting of the environment makes an SDK call an endpoint without a Region. */
export function namesGlobalEndpoint([name, value]: readonly [string, string]): boolean {
  return GLOBAL_ENDPOINT.test(value) || (name === 'AWS_STS_REGIONAL_ENDPOINTS' && value !== 'regional');
}

/** The Region of an endpoint that a text names. */
export function endpointRegion(text: string): string | undefined {
  return REGIONAL_ENDPOINT.exec(text)?.[1];
}
