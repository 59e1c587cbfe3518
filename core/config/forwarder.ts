import type { Forwarder } from './load-balancers.ts';

/** The Region of a listener or rule, as its ARN says. */
export function regionOfForwarder({ arn }: Forwarder): string {
  return arn.split(':')[3] ?? '';
}
