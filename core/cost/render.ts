import type { ResolvedConfig } from '../config/types.ts';
import { type CostLine, totalUsd, usdOf } from './cost-line.ts';
import { costAtRest } from './estimate.ts';
import { costPerFailover } from './failover-cost.ts';
import { ALTERNATIVES, PRICES_LOOKED_UP } from './prices.ts';
import { costPerReconciliation } from './reconciliation-cost.ts';

/** What the estimate leaves out; told wherever it is shown. */
export const NOT_INCLUDED = [
  'the application and its data tier',
  'the hosted zone and its queries',
  'free tiers, discounts and tax',
  'traffic between Regions and to the internet, of probes and of replication (a few GB)',
  'listings of buckets that are compared: a request for every thousand objects, in both Regions, at every comparison',
  'what the application puts into queues of waiting writes, and takes from there',
  "what lies in the table, in old logs (megabytes), the functions of deployments, and yearly rotations of the topics' keys",
] as const;

/** The cost of every stack, by its name, dearest first. */
export function perStack(lines: readonly CostLine[]): ReadonlyMap<string, number> {
  const stacks = [...new Set(lines.map(({ stack }) => stack))];
  const sums = stacks.map((stack) => [stack, totalUsd(lines.filter((line) => line.stack === stack))] as const);
  return new Map(sums.toSorted(([, a], [, b]) => b - a));
}

/** The estimate in a few lines: each stack, the whole, a failover, and what else could be had. */
export function renderCost(config: ResolvedConfig): string {
  const atRest = costAtRest(config);
  const rows: readonly (readonly [string, number])[] = [
    ...perStack(atRest),
    ['together', totalUsd(atRest)],
    ['a failover and its failback', totalUsd(costPerFailover(config))],
    ...(config.reconcile === undefined
      ? []
      : [['a reconciliation of a million rows a table', totalUsd(costPerReconciliation(config))] as const]),
    ...ALTERNATIVES.map(({ name, usd }) => [`beside: ${name}`, usd] as const),
  ];
  return [
    `Cost, US dollars a month at rest, list prices looked up on ${PRICES_LOOKED_UP} (each with its source: npm run -s switchyard -- cost --json):`,
    ...table(rows),
    `Not included: ${NOT_INCLUDED.join('; ')}.`,
  ].join('\n');
}

/** The lines of a cent or more, dearest first, with quantity and price. */
export function renderLines(config: ResolvedConfig): string {
  return costAtRest(config)
    .toSorted((a, b) => usdOf(b) - usdOf(a))
    .filter((line) => usdOf(line) >= 0.01)
    .map((line) => {
      const { stack, what, quantity, price } = line;
      return `  ${usdOf(line).toFixed(2).padStart(8)}  ${stack}, ${what}: ${significant(quantity)} × $${significant(price.usd)} (${price.unit})`;
    })
    .join('\n');
}

/** Three significant digits: more would look better known than it is. */
function significant(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function table(rows: readonly (readonly [string, number])[]): readonly string[] {
  const widest = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, usd]) => `  ${name.padEnd(widest)}  ${usd.toFixed(2).padStart(8)}`);
}
