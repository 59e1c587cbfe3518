import { readdirSync } from 'node:fs';
import type { Reporter, TestModule, TestRunEndReason, Vitest } from 'vitest/node';

/**
 * Fails the whole run when a tier ran no test: a tier that silently runs nothing proves nothing.
 * A run that the caller narrowed (`vitest run some-file`, `-t name`, `--project tier`) is left alone.
 */
export class TierGuard implements Reporter {
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], _errors: readonly unknown[], reason: TestRunEndReason): void {
    const vitest = this.vitest;
    if (vitest === undefined || reason === 'interrupted' || isNarrowed(process.argv.slice(2))) return;
    for (const { name } of vitest.projects) {
      const ran = modules.filter((module) => module.project.name === name).flatMap(testsRun);
      if (ran.length > 0) continue;
      vitest.logger.error(`tier "${name}" ran no test (test/${name} holds ${countFiles(name)} files)`);
      process.exitCode = 1;
    }
  }
}

function isNarrowed(args: readonly string[]): boolean {
  return args.some((arg) => (!arg.startsWith('-') && arg !== 'run') || /^(-t|--testNamePattern|--project)/.test(arg));
}

function testsRun(module: TestModule): unknown[] {
  return [...module.children.allTests()].filter((test) => ['passed', 'failed'].includes(test.result().state));
}

function countFiles(tier: string): number {
  return readdirSync(`test/${tier}`, { recursive: true }).length;
}
