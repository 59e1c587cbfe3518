import { describe, expect, it } from 'vitest';
import { ssmClient } from '../../adapters/aws/clients.ts';
import { createSecretParameter } from '../../adapters/aws/secret-parameter.ts';
import type { Secret } from '../../adapters/notification/webhook-channels.ts';
import { resolveConfig } from '../../core/config/resolve.ts';
import type { SecretReference } from '../../core/notification/secret-reference.ts';
import exampleConfig from '../../switchyard.config.ts';
import { TWIN_SECRETS } from '../../twin/world/webhooks.ts';
import { createWorld } from '../../twin/world/world.ts';
import { TOKYO } from '../_helpers/coordination-samples.ts';
import { inVirtualTime } from '../_helpers/in-virtual-time.ts';

const PAGERDUTY: SecretReference = { secret: 'storefront/pagerduty' };
const CHAT: SecretReference = { parameter: '/storefront/chat' };
const config = resolveConfig({
  ...exampleConfig,
  notify: { pagerDuty: { routingKey: PAGERDUTY }, chat: { webhookUrl: CHAT } },
});

/** Runs something with the secrets of a world, and with the number of times that they were asked for. */
function withSecrets<T>(
  run: (world: {
    secretOf: (reference: SecretReference) => Secret;
    calls: () => number;
    refuse: (error: string) => void;
  }) => Promise<T>,
): Promise<T> {
  return inVirtualTime((clock) => {
    const { aws } = createWorld({ config, clock, seed: 1 });
    const secretOf = (reference: SecretReference) =>
      createSecretParameter(ssmClient(TOKYO, aws.clientsIn(TOKYO)), reference);
    const calls = () => aws.counts()['ssm:GetParameter'] ?? 0;
    const refuse = (error: string) =>
      aws.setFault(
        { service: 'ssm', operation: 'GetParameter', answer: { error, message: TWIN_SECRETS.pagerduty } },
        true,
      );
    return run({ secretOf, calls, refuse });
  });
}

describe('a secret by its name', () => {
  it.each([
    ['Secrets Manager', PAGERDUTY, TWIN_SECRETS.pagerduty],
    ['Parameter Store', CHAT, TWIN_SECRETS.chat],
  ] as const)('is read from %s, decrypted', (_, reference, value) =>
    withSecrets(async ({ secretOf }) => expect(await secretOf(reference).read()).toBe(value)),
  );

  it('is asked for once, and again after it was forgotten', () =>
    withSecrets(async ({ secretOf, calls }) => {
      const secret = secretOf(PAGERDUTY);
      await secret.read();
      await secret.read();
      expect(calls()).toBe(1);
      secret.forget();
      await secret.read();
      expect(calls()).toBe(2);
    }));

  it('that is not there is named', () =>
    withSecrets(async ({ secretOf }) => {
      await expect(secretOf({ parameter: '/storefront/other' }).read()).rejects.toThrow(
        'the secret /storefront/other cannot be read: ParameterNotFound',
      );
    }));

  it('that may not be read fails by the name of the error alone, whatever its message tells', () =>
    withSecrets(async ({ secretOf, refuse }) => {
      refuse('AccessDeniedException');
      const { message } = await secretOf(PAGERDUTY)
        .read()
        .then(
          () => new Error('read'),
          (error: Error) => error,
        );
      expect(message).toMatch(/cannot be read: AccessDeniedException$/);
      expect(message).not.toContain(TWIN_SECRETS.pagerduty);
    }));
});
