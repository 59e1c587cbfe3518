/**
 * Where a secret is, in every application Region under the same name: a machine runs in the Region that takes over, and
 * the one that was left may be dark.
 */
export type SecretReference =
  /** Name of a secret in AWS Secrets Manager, replicated to every application Region. */
  | { readonly secret: string }
  /** Name of a `SecureString` parameter, one in every application Region. */
  | { readonly parameter: string };

/** Where Parameter Store hands out the secrets of Secrets Manager. */
const SECRETS_FOLDER = '/aws/reference/secretsmanager/';

/**
 * The name by which Parameter Store gives the value.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
 */
export function parameterNameOf(reference: SecretReference): string {
  return 'secret' in reference ? `${SECRETS_FOLDER}${reference.secret}` : reference.parameter;
}
