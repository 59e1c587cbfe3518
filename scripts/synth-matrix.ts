import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { App } from 'aws-cdk-lib';
import { traitsOf } from '../core/config/accessors.ts';
import type { ResolvedConfig } from '../core/config/types.ts';
import { buildApp } from '../lib/build-app.ts';
import { bundleLambdas, placeConfig } from '../lib/bundle-lambdas.ts';
import { PRESET_MATRIX } from '../test/_fixtures/preset-matrix.ts';

const USAGE = 'usage: npm run synth:matrix -- -o <folder> [--only <text in the name>]';

/**
 * Synthesizes every preset in every number of Regions, each into a folder of its own with the config beside its
 * templates (`config.json`), for whatever looks at templates: linters, `cdk diff`, a person. Exit codes: 0 done, 2 usage.
 */
async function main(args: readonly string[]): Promise<number> {
  const asked = readArgs(args);
  if (typeof asked === 'string') return refuse(asked);
  const cells = PRESET_MATRIX.filter(({ name }) => name.includes(asked.only));
  if (cells.length === 0) return refuse(`no config has "${asked.only}" in its name; allowed: ${allowedNames()}`);
  const output = resolve(asked.output);
  const bundles = join(output, '.bundles');
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  const functional = cells.find(({ config }) => traitsOf(config).orchestrated);
  if (functional !== undefined) await bundleLambdas(functional.config, bundles);
  for (const { name, config } of cells) {
    const folder = join(output, name);
    synthesize(config, { folder, bundles, context });
    process.stdout.write(`${folder}\n`);
  }
  rmSync(bundles, { recursive: true, force: true });
  return 0;
}

/** The code is bundled once; an asset is not copied, since nobody deploys these. */
function synthesize(
  config: ResolvedConfig,
  { folder, bundles, context }: { folder: string; bundles: string; context: Readonly<Record<string, unknown>> },
): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (traitsOf(config).orchestrated) placeConfig(config, bundles);
  const app = new App({
    outdir: folder,
    autoSynth: false,
    context: { ...context, 'aws:cdk:disable-asset-staging': true },
  });
  buildApp(app, config, bundles);
  app.synth();
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify(config, undefined, 2)}\n`);
}

function readArgs(args: readonly string[]): { readonly output: string; readonly only: string } | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { output: { type: 'string', short: 'o' }, only: { type: 'string', default: '' } },
    });
    return values.output === undefined ? 'the folder is missing' : { output: values.output, only: values.only };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function refuse(problem: string): number {
  process.stderr.write(`${problem}\n${USAGE}\n`);
  return 2;
}

function allowedNames(): string {
  return PRESET_MATRIX.map(({ name }) => name).join(', ');
}

process.exitCode = await main(process.argv.slice(2));
