import type { RtoTarget } from '../config/targets.ts';

/** One addend of a budget. */
export interface BudgetTerm {
  readonly name: string;
  readonly seconds: number;
  /** Where the figure comes from: fields of the config, constants, or an assumption. */
  readonly because: string;
}

/**
 * What a failover of one scenario takes at most, for a client that honours the TTL: `before`, one after another, then the
 * promotion and the way of the answers, side by side or one after the other.
 */
export interface ScenarioBudget {
  /** Stable name, for the JSON form. */
  readonly scenario: string;
  /** What happened, in words. */
  readonly about: string;
  readonly startedBy: 'automatic' | 'manual' | 'Route 53';
  readonly before: readonly BudgetTerm[];
  readonly promotion: readonly BudgetTerm[];
  readonly answers: readonly BudgetTerm[];
  /** `one-after-the-other` with `shiftAfterPromotion`. */
  readonly promotionAndAnswers: 'side-by-side' | 'one-after-the-other';
  /** The promise that it must keep; null where none is made. */
  readonly target: { readonly field: RtoTarget; readonly seconds: number } | null;
  /** Why it may never be over by itself. */
  readonly never?: string;
}

/** Seconds from the fault to the last client; infinite where nothing would ever start. */
export function totalSeconds({ before, promotion, answers, promotionAndAnswers, never }: ScenarioBudget): number {
  if (never !== undefined) return Number.POSITIVE_INFINITY;
  const [promoted, answered] = [sumOf(promotion), sumOf(answers)];
  const rest = promotionAndAnswers === 'side-by-side' ? Math.max(promoted, answered) : promoted + answered;
  return sumOf(before) + rest;
}

/** The sum as a person would write it, every term named: `detection 37 + … + max(promotion 67, switch 18 + TTL 60) = 124`. */
export function arithmetic(budget: ScenarioBudget): string {
  if (budget.never !== undefined) return `never: ${budget.never}`;
  const { before, promotion, answers, promotionAndAnswers } = budget;
  const written = (terms: readonly BudgetTerm[]): string =>
    terms.map(({ name, seconds }) => `${name} ${seconds}`).join(' + ');
  const apart = promotion.length > 0 && promotionAndAnswers === 'side-by-side';
  const rest = apart ? [`max(${written(promotion)}, ${written(answers)})`] : [written(promotion), written(answers)];
  return `${[written(before), ...rest].filter((part) => part !== '').join(' + ')} = ${totalSeconds(budget)}`;
}

function sumOf(terms: readonly BudgetTerm[]): number {
  return terms.reduce((sum, { seconds }) => sum + seconds, 0);
}
