import type { LoadBalancers } from '../../../core/ports.ts';

/** What was set, in this order; by ARN, what cannot be. */
export interface FakeLoadBalancers extends LoadBalancers {
  readonly set: { readonly arn: string; readonly to: Readonly<Record<string, number>> | number }[];
  readonly failures: Map<string, Error>;
}

export function fakeLoadBalancers(): FakeLoadBalancers {
  const put = async (arn: string, to: FakeLoadBalancers['set'][number]['to']): Promise<'changed'> => {
    const failure = fake.failures.get(arn);
    if (failure !== undefined) throw failure;
    fake.set.push({ arn, to });
    return 'changed';
  };
  const fake: FakeLoadBalancers = {
    set: [],
    failures: new Map(),
    setWeights: ({ arn }, weights) => put(arn, weights),
    setDial: put,
  };
  return fake;
}
