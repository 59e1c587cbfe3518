import { homeRegion } from '../config/accessors.ts';
import { names } from '../config/names.ts';
import { reconciledEntities } from '../config/reconcile-entities.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { FUNCTION_MEMORY_MB } from '../function-sizes.ts';
import type { CostLine } from './cost-line.ts';
import { lambdaSecond, PRICES } from './prices.ts';

/** Rows of each table that the estimate is for: it grows with them, and with what differs. */
export const ROWS_PER_TABLE = 1_000_000;

/**
 * What one reconciliation does whose tables agree but for a few rows in each range, so that each is compared twice and has
 * one part to be repaired: upper bounds, which the machine's states are held to (test/unit/cost). Waits for replication,
 * and ranges that differ by and large, come on top.
 */
export const PER_RECONCILIATION = {
  /**
   * Transitions of a range in all stages: the states of three children, and the start of each, which is an upper bound
   * (https://aws.amazon.com/step-functions/pricing/ counts each time that a state is executed).
   */
  transitionsPerRange: 3 + 2 + 3 + 3,
  /** Those of the machine itself, with one round of lists and repairs for each entity and phase. */
  transitions: 15,
  transitionsPerRound: 3,
  phases: 3,
  /** Calls of a function for a range: comparing, repairing, comparing again. */
  callsPerRange: 3,
  /** Rows that a function has digested in a second: a tenth of what `npm run bench:reconcile` measures. */
  rowsPerSecond: 100_000,
  /** Seconds of a call beside that, cold start included. */
  secondsPerCall: 2,
  /** Objects of a plan that are read and written for a range, lists and report included. */
  readsPerRange: 16,
  writesPerRange: 4,
} as const;

/** What one reconciliation costs beside its databases; nothing where none is configured. */
export function costPerReconciliation(config: ResolvedConfig): readonly CostLine[] {
  const { reconcile } = config;
  if (reconcile === undefined) return [];
  const per = PER_RECONCILIATION;
  const region = homeRegion(config).id;
  const entities = reconciledEntities(config).length;
  const ranges = entities * Math.ceil(ROWS_PER_TABLE / reconcile.rowsPerRange);
  const rounds = entities * per.phases;
  const calls = ranges * per.callsPerRange + per.transitions + rounds;
  const seconds = calls * per.secondsPerCall + (2 * entities * ROWS_PER_TABLE) / per.rowsPerSecond;
  const transitions = ranges * per.transitionsPerRange + per.transitions + rounds * per.transitionsPerRound;
  const stack = names.stack(config, `region-${region}`);
  const line = (what: string, quantity: number, price: CostLine['price']): CostLine => ({
    stack,
    what,
    quantity,
    price,
  });
  return [
    line('state transitions', transitions, PRICES.transition),
    line('steps: requests', calls, PRICES.lambdaRequest),
    line('steps: time', (seconds * FUNCTION_MEMORY_MB.step) / 1024, lambdaSecond(region)),
    line('steps: traces', calls, PRICES.trace),
    line('objects of the plan read', ranges * per.readsPerRange, PRICES.objectRead),
    line('objects of the plan written', ranges * per.writesPerRange, PRICES.objectWrite),
  ];
}
