import type { CheckKind } from '../../../core/config/checks.ts';
import { CHECK_SAMPLES } from '../../_helpers/check-samples.ts';
import { passiveInput, SINGAPORE, TOKYO } from '../../_helpers/config.ts';
import type { BrokenConfig } from './broken-config.ts';

/** The sample of a kind, changed, as the check `mine`. */
function mine(kind: CheckKind, changes: Readonly<Record<string, unknown>>): unknown {
  return passiveInput({ checks: { mine: { ...CHECK_SAMPLES[kind], ...changes } } });
}

const LIMIT = { source: 'a value is outside on one side (docs/checks.md)', path: 'checks.mine' };
const REGIONS = {
  source: 'every Region is looked at alike (docs/checks.md)',
  message: 'does not name each application Region and no other',
  allowed: `${SINGAPORE}, ${TOKYO}`,
};
const OTHER_REPLICA = {
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_monitoring.html',
  path: 'checks.mine.receivingRegion',
  allowed: 'for each application Region that of another replica',
};

export const BROKEN_CHECK_KINDS: readonly BrokenConfig[] = [
  ...(['cloudwatch', 'prometheus'] as const).flatMap((kind): readonly BrokenConfig[] => [
    {
      what: `a ${kind} check without a limit`,
      input: mine(kind, { above: undefined, below: undefined }),
      problems: [{ ...LIMIT, message: 'has no limit', allowed: '"above" or "below"', remedy: 'give one of them' }],
    },
    {
      what: `a ${kind} check with two limits`,
      input: mine(kind, { above: 10, below: 2 }),
      problems: [
        {
          ...LIMIT,
          message: 'has two limits',
          value: { above: 10, below: 2 },
          allowed: '"above" or "below"',
          remedy: 'leave one of them out, or make two checks of it',
        },
      ],
    },
  ]),
  {
    what: 'a host for one Region of two',
    input: mine('tcp', { host: { [SINGAPORE]: 'broker.storefront.example' } }),
    problems: [
      {
        ...REGIONS,
        path: 'checks.mine.host',
        value: [SINGAPORE],
        remedy: `correct ${TOKYO}, or give one text with "{region}" in it`,
      },
    ],
  },
  {
    what: 'a dimension for a Region that does not run the application',
    input: mine('cloudwatch', { dimensions: { Host: { [SINGAPORE]: 'a', [TOKYO]: 'b', 'eu-west-1': 'c' } } }),
    problems: [
      {
        ...REGIONS,
        path: 'checks.mine.dimensions.Host',
        value: [SINGAPORE, TOKYO, 'eu-west-1'],
        remedy: 'correct eu-west-1, or give one text with "{region}" in it',
      },
    ],
  },
  {
    what: 'a replica that receives from itself',
    input: mine('dynamodb-replication-latency', { receivingRegion: TOKYO }),
    problems: [
      {
        ...OTHER_REPLICA,
        message: `is ${TOKYO} itself for ${TOKYO}, and a replica receives nothing from itself`,
        value: TOKYO,
        remedy: `name another Region for ${TOKYO}`,
      },
    ],
  },
  {
    what: "a critical check of Route 53's verdict",
    input: mine('route53', { class: 'critical' }),
    problems: [
      {
        source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html',
        path: 'checks.mine.class',
        message: 'cannot be critical: what Route 53 has seen is published in us-east-1 alone, which may be down itself',
        value: 'critical',
        allowed: 'important, informational',
        remedy: 'make it important, and let an http check be critical',
      },
    ],
  },
];
