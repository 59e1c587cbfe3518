import { passiveInput } from '../../_helpers/config.ts';
import type { BrokenConfig } from './broken-config.ts';

/** So many critical checks; with those of every config there are five more. */
const services = (length: number, nameOf: (index: number) => string) =>
  Object.fromEntries(
    Array.from({ length }, (_, index) => [
      nameOf(index),
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
    input: passiveInput({ checks: services(96, (index) => `service-${index}`) }),
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
  {
    what: 'ninety-five critical checks with long names',
    input: passiveInput({ checks: services(90, (index) => `${'long-'.repeat(12)}${10 + index}`) }),
    problems: [
      {
        source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html',
        path: 'checks',
        message: 'names more in its critical checks than the rule of the alarm on a whole Region can hold',
        value: 10_383,
        allowed: 'a rule of at most 10240 characters',
        remedy: 'shorten the names of critical checks, or give some of them the class "important"',
      },
    ],
  },
];
