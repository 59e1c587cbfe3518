import { enableCompileCache } from 'node:module';
import type { ExitCode } from './run-app.ts';

/**
 * Runs the app with what an earlier synthesis has compiled: loading the CDK is a tenth of one.
 *
 * Source: https://nodejs.org/api/module.html#module-compile-cache (nothing happens where no folder can be written)
 */
export async function startApp(): Promise<ExitCode> {
  enableCompileCache();
  const { runApp } = await import('./run-app.ts');
  return runApp();
}
