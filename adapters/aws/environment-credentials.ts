import { SwitchyardError } from '../../core/errors.ts';

/** What the SDK signs with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Stands in a bundle for the SDK's default credential chain (lib/bundle-functions.ts): Lambda hands a function its role's
 * credentials in the environment, and nowhere else is to be looked. Name and shape are those of what it replaces.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function defaultProvider(): () => Promise<Credentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) {
      throw new SwitchyardError(
        'the environment holds no credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY); run the bundle in Lambda, or set both',
        { code: 'ENVIRONMENT_INCOMPLETE', source: 'operator' },
      );
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
    };
  };
}
