import { MAX_HEALTH_CHECKS_PER_ACCOUNT } from '../../core/routing/route53-limits.ts';
import type { Guard } from './guard.ts';

/** The application's checks fit into an account's default quota; those of other applications come on top. */
export const healthCheckQuota: Guard = ({ tree: { healthChecks } }) =>
  healthChecks.length <= MAX_HEALTH_CHECKS_PER_ACCOUNT
    ? []
    : [
        {
          path: 'healthChecks',
          message: 'there are more health checks than an account has by default',
          value: healthChecks.length,
          allowed: `at most ${MAX_HEALTH_CHECKS_PER_ACCOUNT}`,
          remedy: 'name fewer Regions, or split the application over accounts',
          source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html',
        },
      ];
