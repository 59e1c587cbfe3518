import type { Command } from 'commander';
import { budgetsOf } from '../../core/budget/budgets.ts';
import { budgetProblems } from '../../core/budget/judge.ts';
import { renderBudget } from '../../core/budget/render.ts';
import { totalSeconds } from '../../core/budget/scenario-budget.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { formatProblem } from '../../core/errors.ts';
import { EXIT, type Io } from '../io.ts';
import { loadConfig } from '../load-config.ts';
import type { Run } from '../register.ts';
import { renderJson } from '../render/json.ts';

interface BudgetOptions {
  readonly config?: string;
  readonly json?: true;
}

/** `switchyard budget`: what a failover takes at most in every scenario, beside what the config promises. */
export function registerBudget(program: Command, io: Io, run: Run): void {
  program
    .command('budget')
    .description('add up what a failover takes at most, scenario by scenario, beside what the config promises')
    .option('--config <file>', 'the config (default: switchyard.config.ts)')
    .option('--json', 'every term of every sum as one JSON document')
    .action(({ config: path, json }: BudgetOptions) =>
      run(async () => {
        const config = await loadConfig(path);
        io.out(json === true ? renderJson(toDocument(config)) : renderBudget(config));
        const problems = budgetProblems(config);
        for (const problem of problems) io.err(formatProblem(problem));
        // As synthesis does: the config promises what it cannot keep.
        return problems.length === 0 ? EXIT.done : EXIT.inputRefused;
      }),
    );
}

/** A scenario that never ends by itself has no total. */
function toDocument(config: ResolvedConfig): unknown {
  return {
    scenarios: budgetsOf(config).map((budget) => {
      const total = totalSeconds(budget);
      return { ...budget, totalSeconds: Number.isFinite(total) ? total : null };
    }),
  };
}
