import { resolveConfig } from '../../core/config/resolve.ts';
import type { ConfigInput, ResolvedConfig } from '../../core/config/types.ts';
import { type Problem, RefusedInputError } from '../../core/errors.ts';

export const SINGAPORE = 'ap-southeast-1';
export const TOKYO = 'ap-northeast-1';
export const SEOUL = 'ap-northeast-2';
export const OSAKA = 'ap-northeast-3';
export const SYDNEY = 'ap-southeast-2';
export const MUMBAI = 'ap-south-1';

/** Where the deployed names of a test lead. */
export const DEPLOYMENT = { account: '123456789012', partition: 'aws' };

type Regions = ConfigInput['regions'];

/** Singapore with its standby in Tokyo, watched from Seoul: nothing that has a default is given. */
export function passiveInput(changes: Partial<ConfigInput> = {}): ConfigInput {
  return {
    application: 'storefront',
    record: 'api.storefront.example',
    hostedZoneId: 'Z0123456789STOREFRONT',
    regions: regionsOf([SINGAPORE, TOKYO]),
    vantages: [SEOUL],
    coordination: { replicas: [TOKYO, SEOUL], witness: OSAKA },
    ...changes,
  };
}

/** The same shop with both Regions serving. */
export function activeInput(changes: Partial<ConfigInput> = {}): ConfigInput {
  return passiveInput({ preset: 'active-active', regions: regionsOf([SINGAPORE, TOKYO], 'active'), ...changes });
}

/** The same shop with records and checks only. */
export function dnsInput(changes: Partial<ConfigInput> = {}): ConfigInput {
  const { coordination: _, ...rest } = passiveInput({ preset: 'dns-failover', vantages: [] });
  return { ...rest, ...changes };
}

/** A primary with its standbys, or all of them active; each with a host name of its own. */
export function regionsOf(ids: readonly string[], roles: 'one-primary' | 'active' = 'one-primary'): Regions {
  return ids.map((id, index) => ({
    id,
    role: roles === 'active' ? 'active' : index === 0 ? 'primary' : 'standby',
    endpoint: `https://${id}.storefront.example`,
  }));
}

/** The example, resolved, with some sections changed. */
export function testConfig(changes: Partial<ConfigInput> = {}): ResolvedConfig {
  return resolveConfig(passiveInput(changes));
}

/** Every problem for which an input is refused; none where it is taken. */
export function problemsIn(input: unknown): readonly Problem[] {
  try {
    resolveConfig(input);
    return [];
  } catch (error) {
    if (error instanceof RefusedInputError) return error.problems;
    throw error;
  }
}

/** A copy of an input with one value put at a path such as `regions.1.id`; `undefined` takes it away. */
export function withValue(input: unknown, path: string, value: unknown): unknown {
  const [head = '', ...rest] = path.split('.');
  const next = (inner: unknown): unknown => (rest.length === 0 ? value : withValue(inner, rest.join('.'), value));
  if (Array.isArray(input)) return input.map((item, index) => (String(index) === head ? next(item) : item));
  const { [head]: before, ...others } = (input ?? {}) as Record<string, unknown>;
  const after = next(before);
  return after === undefined ? others : { ...others, [head]: after };
}
