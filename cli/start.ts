import { enableCompileCache } from 'node:module';
import { processIo } from './io.ts';
import type { Register } from './register.ts';

/**
 * Runs the command line in this process and gives the exit code. What Node has compiled once it finds again (in the
 * temporary folder), which saves half a second of every command but the first; so the rest is loaded after that is on.
 */
export async function start(words: readonly string[]): Promise<number> {
  enableCompileCache();
  const register = words[0] === 'reconcile' ? await reconcileAlone() : undefined;
  const { main } = await import('./main.ts');
  return main(words, processIo(), register);
}

/** What compares tables is loaded without the other commands, which take as much memory as the comparison. */
async function reconcileAlone(): Promise<Register> {
  (await import('./reconcile/keep-heap-small.ts')).keepHeapSmall();
  return (await import('./commands/reconcile.ts')).registerReconcile;
}
