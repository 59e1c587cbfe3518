import type { Command } from 'commander';
import { advisoriesOf } from '../../core/config/advisories.ts';
import { EXIT, type Io } from '../io.ts';
import { loadConfig } from '../load-config.ts';
import type { Run } from '../register.ts';
import { renderJson } from '../render/json.ts';

/** `switchyard config`: the config with every default filled in, or everything that is wrong with it. */
export function registerConfig(program: Command, io: Io, run: Run): void {
  program
    .command('config')
    .description('check the config and print it with every default filled in')
    .option('--config <file>', 'the config (default: switchyard.config.ts)')
    .action(({ config: path }: { readonly config?: string }) =>
      run(async () => {
        const config = await loadConfig(path);
        io.out(renderJson(config));
        for (const advisory of advisoriesOf(config)) io.err(`note: ${advisory}`);
        return EXIT.done;
      }),
    );
}
