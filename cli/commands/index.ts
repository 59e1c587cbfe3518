import type { Command } from 'commander';
import type { Io } from '../io.ts';
import type { Register, Run } from '../register.ts';
import { registerBudget } from './budget.ts';
import { registerCloudWatch } from './cloudwatch.ts';
import { registerConfig } from './config.ts';
import { registerCost } from './cost.ts';
import { registerDecide } from './decide.ts';
import { registerReconcile } from './reconcile.ts';
import { registerRehearse } from './rehearse.ts';
import { registerRoute53 } from './route53.ts';

const REGISTRATIONS: readonly Register[] = [
  registerRehearse,
  registerConfig,
  registerBudget,
  registerCost,
  registerRoute53,
  registerCloudWatch,
  registerDecide,
  registerReconcile,
];

/** Every command the program knows, in the order of its help. */
export function registerCommands(program: Command, io: Io, run: Run): void {
  for (const register of REGISTRATIONS) register(program, io, run);
}
