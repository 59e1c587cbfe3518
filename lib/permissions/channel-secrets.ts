import { parameterNameOf } from '../../core/notification/secret-reference.ts';
import type { Grant } from './grant.ts';
import type { Site } from './site.ts';

/**
 * The secrets of channels outside AWS, in the function's own Region. The keys that AWS manages for the two services let
 * whoever may read a secret decrypt it; another key would need a grant of its own, which the config does not know.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
export function readChannelSecrets({
  config: { notify },
  deployment: { account, partition },
  region,
}: Site): readonly Grant[] {
  const references = [notify.pagerDuty?.routingKey, notify.chat?.webhookUrl].filter((found) => found !== undefined);
  if (references.length === 0) return [];
  const secrets = references.flatMap((reference) => ('secret' in reference ? [reference.secret] : []));
  return [
    {
      purpose: 'ReadChannelParameters',
      actions: ['ssm:GetParameter'],
      resources: references.map(
        (reference) => `arn:${partition}:ssm:${region}:${account}:parameter${parameterNameOf(reference)}`,
      ),
    },
    ...(secrets.length === 0
      ? []
      : [
          {
            purpose: 'ReadChannelSecrets',
            actions: ['secretsmanager:GetSecretValue'],
            resources: secrets.map(
              (name) => `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-??????`,
            ),
            patternBecause: 'Secrets Manager ends the ARN of a secret with six characters of its own',
          },
        ]),
  ];
}
