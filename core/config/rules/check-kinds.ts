import type { Problem } from '../../errors.ts';
import { ROUTE53_METRIC } from '../../health/ready-made-metrics.ts';
import type { Check, CheckOf } from '../checks.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';
import { type Regional, textFor } from '../regional.ts';

type CheckTable = Readonly<Record<string, Check | false>>;
type Named = readonly [name: string, check: Check];

/** Rules on the fields that only some kinds of checks have. */
export const checkKindRules: readonly CrossFieldRule[] = [
  rule({
    source: 'a value is outside on one side (docs/checks.md)',
    needs: ['checks'],
    check: ({ checks }) => named(checks).flatMap(limitProblems),
  }),
  rule({
    source: 'every Region is looked at alike (docs/checks.md)',
    needs: ['checks', 'regions'],
    check: ({ checks, regions }) => {
      const ids = regions.map(({ id }) => id);
      return named(checks).flatMap((entry) => regionalFields(entry).flatMap((field) => regionProblems(field, ids)));
    },
  }),
  rule({
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_monitoring.html',
    needs: ['checks', 'regions'],
    check: ({ checks, regions }) =>
      ofKind(checks, 'dynamodb-replication-latency').flatMap(([name, { receivingRegion }]) =>
        regions
          .map(({ id }) => id)
          .filter((id) => textFor(receivingRegion, id) === id)
          .map((id) => ({
            path: `checks.${name}.receivingRegion`,
            message: `is ${id} itself for ${id}, and a replica receives nothing from itself`,
            value: receivingRegion,
            allowed: 'for each application Region that of another replica',
            remedy: `name another Region for ${id}`,
          })),
      ),
  }),
  rule({
    source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html',
    needs: ['checks'],
    check: ({ checks }) =>
      ofKind(checks, 'route53')
        .filter(([, check]) => check.class === 'critical')
        .map(([name]) => ({
          path: `checks.${name}.class`,
          message: `cannot be critical: what Route 53 has seen is published in ${ROUTE53_METRIC.region} alone, which may be down itself`,
          value: 'critical',
          allowed: 'important, informational',
          remedy: 'make it important, and let an http check be critical',
        })),
  }),
];

function named(checks: CheckTable): readonly Named[] {
  return Object.entries(checks).flatMap(([name, check]) => (check === false ? [] : [[name, check] as const]));
}

function ofKind<Kind extends Check['kind']>(
  checks: CheckTable,
  kind: Kind,
): readonly (readonly [name: string, check: CheckOf<Kind>])[] {
  return named(checks).flatMap(([name, check]) =>
    check.kind === kind ? [[name, check as CheckOf<Kind>] as const] : [],
  );
}

function limitProblems([name, check]: Named): readonly Problem[] {
  if (check.kind !== 'cloudwatch' && check.kind !== 'prometheus') return [];
  const { above, below } = check;
  if ((above === undefined) !== (below === undefined)) return [];
  return [
    {
      path: `checks.${name}`,
      message: above === undefined ? 'has no limit' : 'has two limits',
      ...(above === undefined ? {} : { value: { above, below } }),
      allowed: '"above" or "below"',
      remedy: above === undefined ? 'give one of them' : 'leave one of them out, or make two checks of it',
    },
  ];
}

interface RegionalField {
  readonly path: string;
  readonly value: Regional;
}

/** Fields of a check that are given by Region, its dimensions among them. */
function regionalFields([name, check]: Named): readonly RegionalField[] {
  const fields = Object.entries(check).flatMap(([field, value]): readonly (readonly [string, unknown])[] =>
    field === 'dimensions'
      ? Object.entries(value as object).map(([dimension, inner]) => [`${field}.${dimension}`, inner] as const)
      : [[field, value]],
  );
  return fields
    .filter(([, value]) => typeof value === 'object' && value !== null && !Array.isArray(value))
    .map(([field, value]) => ({ path: `checks.${name}.${field}`, value: value as Regional }));
}

/** What is wrong with a field that is given by Region: it names each of them and no other. */
export function regionProblems({ path, value }: RegionalField, ids: readonly string[]): readonly Problem[] {
  const given = Object.keys(value);
  const wrong = ids.filter((id) => !given.includes(id)).concat(given.filter((id) => !ids.includes(id)));
  if (wrong.length === 0) return [];
  return [
    {
      path,
      message: 'does not name each application Region and no other',
      value: given,
      allowed: ids.join(', '),
      remedy: `correct ${wrong.join(', ')}, or give one text with "{region}" in it`,
    },
  ];
}
