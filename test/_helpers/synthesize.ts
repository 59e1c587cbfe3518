import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { buildApp } from '../../lib/build-app.ts';
import { FUNCTIONS, RECONCILE_FUNCTIONS } from '../../lib/functions.ts';

/** A resource as a template holds it. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

/** A synthesized app. */
export interface Synthesized {
  /** By the name of the stack without the application's prefix: `coordination`, `region-ap-northeast-1`, … */
  readonly stacks: ReadonlyMap<string, Stack>;
  /** What synthesis would have had to look up in an account. */
  readonly missing: readonly unknown[];
  template(stack: string): Template;
  /** The resources of a stack, or of one type in it, by logical id. */
  resources(stack: string, type?: string): ReadonlyMap<string, Resource>;
}

const kept = new Map<string, Synthesized>();

/** The same as {@link synthesize}, once per config: for whoever looks at it and changes nothing of it. */
export function synthesized(config: ResolvedConfig): Synthesized {
  const key = JSON.stringify(config);
  const app = kept.get(key) ?? synthesize(config);
  kept.set(key, app);
  return app;
}

/** Synthesizes an app as `cdk synth` does, feature flags and all, but with functions that do nothing. */
export function synthesize(config: ResolvedConfig): Synthesized {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const app = new App({ outdir: temporaryFolder('cdk-out'), context });
  buildApp(app, config, emptyBundles(config));
  const { missing = [] } = app.synth().manifest;
  const prefix = names.stack(config, '');
  const stacks = new Map(
    app.node.children.filter(Stack.isStack).map((stack) => [stack.stackName.replace(prefix, ''), stack] as const),
  );
  const templates = new Map<string, Template>();
  const template = (name: string): Template => {
    const stack = stacks.get(name);
    if (stack === undefined) throw new RangeError(`no stack ${name}; there are ${[...stacks.keys()].join(', ')}`);
    const found = templates.get(name) ?? Template.fromStack(stack);
    templates.set(name, found);
    return found;
  };
  return {
    stacks,
    missing,
    template,
    resources: (stack, type) =>
      new Map(
        Object.entries(template(stack).toJSON()['Resources'] as Record<string, Resource>).filter(
          ([, resource]) => type === undefined || resource.Type === type,
        ),
      ),
  };
}

let root: string | undefined;

/** A folder that is gone with the process. */
export function temporaryFolder(name: string): string {
  if (root === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'switchyard-cdk-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    root = made;
  }
  return mkdtempSync(join(root, `${name}-`));
}

/** As `bundleLambdas` leaves them, the config beside each, so that another config is another asset. */
function emptyBundles(config: ResolvedConfig): string {
  const folder = temporaryFolder('bundles');
  for (const name of [...FUNCTIONS, ...RECONCILE_FUNCTIONS]) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.mjs'), 'export const handler = async () => {};\n');
    writeFileSync(join(folder, name, 'config.json'), JSON.stringify(config));
  }
  return folder;
}

/** Whether a bucket of a template is one of those that `names` calls `sy-<kind>-…`. */
export function isBucketOf(kind: 'guardian' | 'access', bucket: Resource['Properties']): boolean {
  return JSON.stringify(bucket['BucketName']).includes(`sy-${kind}-`);
}
