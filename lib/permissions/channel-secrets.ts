import { parameterNameOf, type SecretReference } from '../../core/notification/secret-reference.ts';
import type { Grant } from './grant.ts';
import type { Site } from './site.ts';

/** The secrets of channels outside AWS, in the function's own Region. */
export function readChannelSecrets(site: Site): readonly Grant[] {
  const { pagerDuty, chat } = site.config.notify;
  const references = [pagerDuty?.routingKey, chat?.webhookUrl].filter((found) => found !== undefined);
  return readSecrets(site, { purpose: 'ReadChannel', references });
}

/**
 * Secrets by their references, in the function's own Region. The keys that AWS manages for the two services let
 * whoever may read a secret decrypt it; another key would need a grant of its own, which the config does not know.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
export function readSecrets(
  { deployment: { account, partition }, region }: Site,
  { purpose, references }: { readonly purpose: string; readonly references: readonly SecretReference[] },
): readonly Grant[] {
  if (references.length === 0) return [];
  const secrets = references.flatMap((reference) => ('secret' in reference ? [reference.secret] : []));
  return [
    {
      purpose: `${purpose}Parameters`,
      actions: ['ssm:GetParameter'],
      resources: references.map(
        (reference) => `arn:${partition}:ssm:${region}:${account}:parameter${parameterNameOf(reference)}`,
      ),
    },
    ...(secrets.length === 0
      ? []
      : [
          {
            purpose: `${purpose}Secrets`,
            actions: ['secretsmanager:GetSecretValue'],
            resources: secrets.map(
              (name) => `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-??????`,
            ),
            patternBecause: 'Secrets Manager ends the ARN of a secret with six characters of its own',
          },
        ]),
  ];
}
