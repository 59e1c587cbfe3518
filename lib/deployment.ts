import type { Stack } from 'aws-cdk-lib';
import type { Deployment } from '../core/config/names.ts';

/** The account and partition of a stack as names are derived from them; the account is a token until deployment. */
export function deploymentOf({ account, partition }: Stack): Deployment {
  return { account, partition };
}
