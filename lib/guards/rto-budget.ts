import { budgetProblems } from '../../core/budget/judge.ts';
import type { Guard } from './guard.ts';

/** What the config promises can be kept by what it configures; the sum names every term. */
export const rtoBudget: Guard = ({ config }) => budgetProblems(config);
