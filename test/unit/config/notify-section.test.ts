import { describe, expect, it } from 'vitest';
import { parameterNameOf } from '../../../core/notification/secret-reference.ts';
import { passiveInput, problemsIn, testConfig } from '../../_helpers/config.ts';

const withKey = (routingKey: unknown): unknown => ({ ...passiveInput(), notify: { pagerDuty: { routingKey } } });

describe('channels of the config', () => {
  it.each([{ secret: 'storefront/pagerduty' }, { secret: 'a@b+c=d.e-f_g' }, { parameter: '/storefront/pagerduty' }])(
    'take a name of a secret: %j',
    (reference) => {
      expect(problemsIn(withKey(reference))).toEqual([]);
    },
  );

  it.each([
    ['a key itself', 'R0UT1NGKEY'],
    [
      'an ARN, which names one Region',
      { secret: 'arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:a-AbCdEf' },
    ],
    ['a pattern', { secret: 'storefront/*' }],
    ['a parameter that is no full name', { parameter: 'pagerduty' }],
    ['a pattern of parameters', { parameter: '/storefront/*' }],
    ["a parameter of AWS's own", { parameter: '/aws/reference/secretsmanager/pagerduty' }],
    ['both', { secret: 'a', parameter: '/a' }],
  ])('refuse %s', (_, reference) => {
    expect(problemsIn(withKey(reference)).map(({ path }) => path)).toEqual([
      expect.stringMatching(/^notify\.pagerDuty\.routingKey/),
    ]);
  });

  it('send events to the first service region of PagerDuty unless told otherwise', () => {
    const routingKey = { secret: 'a' };
    expect(testConfig({ notify: { pagerDuty: { routingKey } } }).notify.pagerDuty?.url).toBe(
      'https://events.pagerduty.com/v2/enqueue',
    );
    const url = 'https://events.eu.pagerduty.com/v2/enqueue';
    expect(testConfig({ notify: { pagerDuty: { routingKey, url } } }).notify.pagerDuty?.url).toBe(url);
  });

  it('are read by Parameter Store, which has the secrets of Secrets Manager too', () => {
    expect(parameterNameOf({ secret: 'storefront/pagerduty' })).toBe(
      '/aws/reference/secretsmanager/storefront/pagerduty',
    );
    expect(parameterNameOf({ parameter: '/storefront/chat' })).toBe('/storefront/chat');
  });
});
