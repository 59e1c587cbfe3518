import { passiveInput } from '../../_helpers/config.ts';
import type { BrokenConfig } from './broken-config.ts';

const MANY = Object.fromEntries(
  Array.from({ length: 96 }, (_, index) => [
    `service-${index}`,
    {
      kind: 'http' as const,
      path: `/${index}`,
      layer: 'application' as const,
      class: 'critical' as const,
      intervalSeconds: 30,
      failureThreshold: 2,
      timeoutSeconds: 10,
    },
  ]),
);

export const BROKEN_ALARMS: readonly BrokenConfig[] = [
  {
    what: 'a hundred and one critical checks',
    input: passiveInput({ checks: MANY }),
    problems: [
      {
        source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html',
        path: 'checks',
        message: 'holds more critical checks than the alarm on a whole Region can look at',
        value: 101,
        allowed: 'at most 100',
        remedy: 'give some of them the class "important"',
      },
    ],
  },
];
