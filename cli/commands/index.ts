import type { Command } from 'commander';
import type { Io } from '../io.ts';
import type { Action } from '../main.ts';
import { registerCloudWatch } from './cloudwatch.ts';
import { registerConfig } from './config.ts';
import { registerRehearse } from './rehearse.ts';
import { registerRoute53 } from './route53.ts';

/** Runs a command's action and keeps its exit code. */
export type Run = (action: Action) => Promise<void>;

/** A module of this folder: adds one command, with its arguments and options, to the program. */
export type Register = (program: Command, io: Io, run: Run) => void;

const REGISTRATIONS: readonly Register[] = [registerRehearse, registerConfig, registerRoute53, registerCloudWatch];

/** Every command the program knows, in the order of its help. */
export function registerCommands(program: Command, io: Io, run: Run): void {
  for (const register of REGISTRATIONS) register(program, io, run);
}
