import type { Command } from 'commander';
import type { ExitCode, Io } from './io.ts';

/** A command's action: does the work and says how it ended. */
export type Action = () => Promise<ExitCode>;

/** Runs a command's action and keeps its exit code. */
export type Run = (action: Action) => Promise<void>;

/** Adds one command, with its arguments and options, to the program. */
export type Register = (program: Command, io: Io, run: Run) => void;
