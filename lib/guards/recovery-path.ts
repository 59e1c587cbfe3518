import { isOnRecoveryPath } from '../functions.ts';
import type { Guard } from './guard.ts';

/** APIs that are served from one Region for all of them, reading included, and which Region that is. */
const GLOBAL_CONTROL_PLANES: readonly { readonly actions: RegExp; readonly servedFrom: string }[] = [
  { actions: /^route53:/, servedFrom: 'us-east-1' },
  { actions: /^route53-recovery-control-config:/, servedFrom: 'us-west-2' },
  { actions: /^globalaccelerator:/, servedFrom: 'us-west-2' },
  { actions: /^cloudfront:/, servedFrom: 'us-east-1' },
  { actions: /^(iam|organizations|account):/, servedFrom: 'us-east-1' },
  { actions: /^s3:(CreateBucket|DeleteBucket|PutBucket\w+)$/, servedFrom: 'us-east-1' },
];

/**
 * Leaving a Region needs no control plane of another one: a function on the recovery path that may call such an API
 * would sooner or later come to depend on it.
 */
export const recoveryPath: Guard = ({ functions }) =>
  functions
    .filter(({ name }) => isOnRecoveryPath(name))
    .flatMap(({ name, grants }) =>
      grants
        .flatMap(({ actions }) => actions)
        .flatMap((action) => {
          const plane = GLOBAL_CONTROL_PLANES.find(({ actions }) => actions.test(action));
          if (plane === undefined) return [];
          return [
            {
              path: `functions.${name}`,
              message: `is on the recovery path and may call a control plane in ${plane.servedFrom}`,
              value: action,
              allowed: 'actions that the Region it runs in serves',
              remedy:
                'move the call into one of the functions in RECORD_FUNCTIONS (lib/functions.ts), which are best effort',
              source:
                'https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html',
            },
          ];
        }),
    );
