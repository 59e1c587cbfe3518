import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { carryOut, type ReconcileWorld } from '../reconcile/carry-out.ts';
import { awaitSignals } from '../reconcile/interruption.ts';
import { DEFAULT_STORE, type ReconcileOptions } from '../reconcile/task.ts';
import type { Run } from '../register.ts';

const REAL_WORLD: ReconcileWorld = {
  // A database client is loaded where there is something to compare, and not for every command.
  connect: async (...words) => (await import('../reconcile/connect.ts')).connectTables(...words),
  awaitInterruption: awaitSignals,
  environment: process.env,
  nowEpochMs: () => Date.now(),
  sleep: (milliseconds) => sleep(milliseconds),
};

/** `switchyard reconcile`: compares the data of two Regions, and repairs them by an approved plan. */
export function registerReconcile(program: Command, io: Io, run: Run, world: ReconcileWorld = REAL_WORLD): void {
  program
    .command('reconcile')
    .description('compare the data of two Regions, and repair them by an approved plan (docs/reconciliation.md)')
    .option('--plan', 'compare, and keep a plan of repairs; no table is written')
    .option('--apply', 'carry out a plan that was approved')
    .option('--verify', 'compare again what a plan touched')
    .option('--config <file>', 'the config (default: switchyard.config.ts)')
    .option('--plan-id <id>', 'the plan; the same id goes on with it (default for --plan: a new one)')
    .option('--source <region>', 'the Region that serves now (default: the other one, where there are two)')
    .option('--target <region>', 'the Region that traffic goes back to (default: the primary)')
    .option('--cut <time>', 'when the Regions parted, such as 2026-03-01T10:00:00Z (default: unknown)')
    .option('--entity <name>', 'only this one; may be given several times', (name, names: string[] = []) => [
      ...names,
      name,
    ])
    .option('--store <dir>', `folder of the plans (default: ${DEFAULT_STORE})`)
    .option('--approve <digest>', 'approve the plan of this digest, and carry it out')
    .option('--settle <seconds>', 'how long replication may take (default: reconcile.maximumLagSeconds)')
    .option('--dry-run', 'with --plan: keep nothing; with --apply: tell what would be written')
    .option('--json', 'print the report as one JSON document and nothing else')
    .action((options: ReconcileOptions) => run(() => carryOut(options, { io, world })));
}
