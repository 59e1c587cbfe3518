import type { ConfigInput } from '../../core/config/types.ts';
import { SINGAPORE, TOKYO } from '../_helpers/config.ts';

const elb = (region: string, what: string): string => `arn:aws:elasticloadbalancing:${region}:111122223333:${what}`;
const endpointGroup = (id: string): string =>
  `arn:aws:globalaccelerator::111122223333:accelerator/1234abcd/listener/5678efgh/endpoint-group/${id}`;

/** Target groups of Singapore's load balancer: the application beside it, and the way to Tokyo. */
export const BESIDE = elb(SINGAPORE, 'targetgroup/shop/1111222233334444');
export const ELSEWHERE = elb(SINGAPORE, 'targetgroup/shop-in-tokyo/5555666677778888');
export const APP_IN_TOKYO = elb(TOKYO, 'targetgroup/shop/9999000011112222');
export const SORRY_IN_TOKYO = elb(TOKYO, 'targetgroup/sorry/3333444455556666');
export const LISTENER = elb(SINGAPORE, 'listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2');
export const RULE = elb(TOKYO, 'listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee');
export const DIALS = { [SINGAPORE]: endpointGroup('aaaa'), [TOKYO]: endpointGroup('bbbb') } as const;

/** One of each kind, each saying something for both Regions. */
export const LOAD_BALANCERS: NonNullable<ConfigInput['loadBalancers']> = [
  {
    kind: 'listener',
    arn: LISTENER,
    weights: { [SINGAPORE]: { [BESIDE]: 100, [ELSEWHERE]: 0 }, [TOKYO]: { [BESIDE]: 0, [ELSEWHERE]: 100 } },
  },
  {
    kind: 'rule',
    arn: RULE,
    weights: { [SINGAPORE]: { [SORRY_IN_TOKYO]: 1 }, [TOKYO]: { [APP_IN_TOKYO]: 1 } },
  },
  { kind: 'accelerator', endpointGroups: { ...DIALS } },
];
