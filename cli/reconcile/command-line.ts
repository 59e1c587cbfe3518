import type { ReconcileOptions } from './task.ts';

/** Options that lead to the same config and the same plans, and those that a plan is made with. */
const SHARED = ['config', 'store'] as const;
const PLANNED = ['source', 'target', 'cut', 'entity'] as const;

/**
 * The command line that does one thing with a plan, ready to be pasted into a shell: with the config and the folder that
 * the options name, and for a plan that is to be gone on with also what it was made with.
 */
export function commandLine(options: ReconcileOptions, planId: string, action: 'plan' | 'apply' | 'verify'): string {
  const names = action === 'plan' ? [...PLANNED, ...SHARED] : SHARED;
  const given = names.flatMap((name) =>
    [options[name] ?? []].flat().map((value) => ` --${name} ${quoteForShell(String(value))}`),
  );
  return `npm run -s switchyard -- reconcile --${action} --plan-id ${planId}${given.join('')}`;
}

/** A word as a shell takes it: in quotes where it holds anything that a shell reads otherwise. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
