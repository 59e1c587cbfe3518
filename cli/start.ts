import { enableCompileCache } from 'node:module';
import { processIo } from './io.ts';

/**
 * Runs the command line in this process and gives the exit code. What Node has compiled once it finds again (in the
 * temporary folder), which saves half a second of every command but the first; so the rest is loaded after that is on.
 */
export async function start(words: readonly string[]): Promise<number> {
  enableCompileCache();
  const { main } = await import('./main.ts');
  return main(words, processIo());
}
