import type { Command } from 'commander';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { type CostLine, totalUsd, usdOf } from '../../core/cost/cost-line.ts';
import { costAtRest } from '../../core/cost/estimate.ts';
import { costPerFailover } from '../../core/cost/failover-cost.ts';
import { ALTERNATIVES, PRICES_LOOKED_UP } from '../../core/cost/prices.ts';
import { costPerReconciliation } from '../../core/cost/reconciliation-cost.ts';
import { NOT_INCLUDED, renderCost, renderLines } from '../../core/cost/render.ts';
import { EXIT, type Io } from '../io.ts';
import { loadConfig } from '../load-config.ts';
import type { Run } from '../register.ts';
import { renderJson } from '../render/json.ts';

interface CostOptions {
  readonly config?: string;
  readonly json?: true;
}

/** `switchyard cost`: what the stacks of a config cost a month, and what a failover does, from list prices. */
export function registerCost(program: Command, io: Io, run: Run): void {
  program
    .command('cost')
    .description('estimate what the stacks cost a month at rest, and a failover, from list prices')
    .option('--config <file>', 'the config (default: switchyard.config.ts)')
    .option('--json', 'every line with its quantity, price and source as one JSON document')
    .action(({ config: path, json }: CostOptions) =>
      run(async () => {
        const config = await loadConfig(path);
        io.out(json === true ? renderJson(toDocument(config)) : `${renderCost(config)}\n\n${renderLines(config)}`);
        return EXIT.done;
      }),
    );
}

function toDocument(config: ResolvedConfig): unknown {
  const priced = (lines: readonly CostLine[]): unknown => ({
    usd: totalUsd(lines),
    lines: lines.map((line) => ({ ...line, usd: usdOf(line) })),
  });
  return {
    currency: 'USD',
    pricesLookedUp: PRICES_LOOKED_UP,
    atRestPerMonth: priced(costAtRest(config)),
    perFailover: priced(costPerFailover(config)),
    perReconciliation: priced(costPerReconciliation(config)),
    alternativesPerMonth: ALTERNATIVES,
    notIncluded: NOT_INCLUDED,
  };
}
