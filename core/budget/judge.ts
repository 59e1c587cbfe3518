import type { ResolvedConfig } from '../config/types.ts';
import type { Problem } from '../errors.ts';
import { budgetsOf } from './budgets.ts';
import { arithmetic, type BudgetTerm, type ScenarioBudget, totalSeconds } from './scenario-budget.ts';

/** Every promise of `targets` that the rest of the config cannot keep, with the sum and where each of its terms comes from. */
export function budgetProblems(config: ResolvedConfig): readonly Problem[] {
  return budgetsOf(config).flatMap((budget) => problemsOf(budget));
}

function problemsOf(budget: ScenarioBudget): readonly Problem[] {
  const { target, about } = budget;
  const total = totalSeconds(budget);
  if (target === null || total <= target.seconds) return [];
  const path = `targets.${target.field}`;
  if (budget.never !== undefined) {
    return [
      { path, message: `cannot be kept: ${about} and nothing starts, since ${budget.never}`, value: target.seconds },
    ];
  }
  return [
    {
      path,
      message: `cannot be kept: ${about}, ${arithmetic(budget)} s`,
      value: target.seconds,
      allowed: `at least ${total}`,
      remedy: `shorten a term (${termsOf(budget).map(explain).join('; ')}), or promise less`,
    },
  ];
}

function explain({ name, because }: BudgetTerm): string {
  return `${name}: ${because}`;
}

function termsOf({ before, promotion, answers }: ScenarioBudget): readonly BudgetTerm[] {
  return [...before, ...promotion, ...answers];
}
