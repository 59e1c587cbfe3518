import type { ResolvedConfig } from '../config/types.ts';
import { budgetsOf } from './budgets.ts';
import { arithmetic, type ScenarioBudget, totalSeconds } from './scenario-budget.ts';

/** The budgets as lines of text, a scenario each, every sum written out. */
export function renderBudget(config: ResolvedConfig): string {
  const budgets = budgetsOf(config);
  if (budgets.length === 0) return 'RTO budget: none, since the accelerator leaves a Region by itself.';
  const widest = Math.max(...budgets.map(({ scenario }) => scenario.length));
  return [
    'RTO budget, seconds, worst case for clients that honour the TTL:',
    ...budgets.map((budget) => `  ${budget.scenario.padEnd(widest)}  ${arithmetic(budget)}${verdictOf(budget)}`),
  ].join('\n');
}

function verdictOf(budget: ScenarioBudget): string {
  const { target } = budget;
  if (target === null) return ' (nothing promised: automation is off)';
  const kept = totalSeconds(budget) <= target.seconds;
  return kept ? ` (target ${target.seconds})` : ` (ABOVE the target of ${target.seconds})`;
}
