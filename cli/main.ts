import { Command, CommanderError } from 'commander';
import { RefusedInputError, SwitchyardError } from '../core/errors.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { SeveralRefusedError } from './refusals.ts';
import type { Register } from './register.ts';

/**
 * Parses the arguments, runs one command, and turns every outcome into an exit code. Nothing is thrown and no stack
 * trace is shown: an input that was refused says why, anything else says its code.
 *
 * @param register adds commands: one alone, or one that reaches another world in a test @default - all of the program's
 */
export async function main(args: readonly string[], io: Io, register?: Register): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const program = createProgram(io);
  const registerAll = register ?? (await import('./commands/index.ts')).registerCommands;
  registerAll(program, io, async (action) => {
    exitCode = await action();
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, io);
  }
}

function createProgram(io: Io): Command {
  return new Command('switchyard')
    .description("Move a service's traffic out of an impaired AWS Region and back again.")
    .exitOverride()
    .showHelpAfterError('(add --help for what is allowed)')
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    });
}

function explain(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.done : EXIT.inputRefused;
  }
  if (error instanceof RefusedInputError || error instanceof SeveralRefusedError) {
    io.err(error.message);
    return EXIT.inputRefused;
  }
  const code = error instanceof SwitchyardError ? error.code : 'UNEXPECTED';
  io.err(`switchyard failed: ${error instanceof Error ? error.message : String(error)} [${code}]`);
  if (process.env['SWITCHYARD_DEBUG'] && error instanceof Error) io.err(error.stack ?? '');
  return EXIT.failed;
}
