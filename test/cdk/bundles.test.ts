import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import { bundleLambdas } from '../../lib/bundle-lambdas.ts';
import { bundleLimit, FUNCTIONS } from '../../lib/functions.ts';
import storefront from '../../switchyard.config.ts';
import { startLoopbackServer } from '../_helpers/loopback-server.ts';
import { sourceFiles } from '../_helpers/source-files.ts';
import { temporaryFolder } from '../_helpers/synthesize.ts';

const first = temporaryFolder('first');

/** What the bundles import, as a bundler reads them. */
let again: Metafile;

beforeAll(async () => {
  await bundleLambdas(storefront, first);
  ({ metafile: again } = await build({
    entryPoints: FUNCTIONS.map((name) => join(first, name, 'index.mjs')),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: join(first, '..', 'parsed'),
    write: false,
    metafile: true,
  }));
}, 60_000);

describe('the bundles', () => {
  it('are those of every function, each alone in its folder with the config', () => {
    expect(readdirSync(first).sort()).toEqual([...FUNCTIONS].sort());
    for (const name of FUNCTIONS) expect(readdirSync(join(first, name))).toContain('config.json');
  });

  it.each(FUNCTIONS)('hold for %s what it imports and no file more', (name) => {
    const parsed = new Map(Object.entries(again.inputs).map(([path, input]) => [resolve(path), input]));
    const reached = new Set([join(first, name, 'index.mjs')]);
    for (const path of reached) {
      const imports = parsed.get(path)?.imports ?? [];
      for (const { path: imported, external } of imports) if (external !== true) reached.add(resolve(imported));
    }
    expect([...reached].sort()).toEqual([...codeOf(name)].sort());
  });

  it('lose nothing by leaving out packages of which no name is used', () => {
    const files = sourceFiles(['adapters', 'core', 'lambdas', 'state-machines']);
    expect(files.length).toBeGreaterThan(200);
    expect(files.filter(({ code }) => /^import '/m.test(code)).map(({ path }) => path)).toEqual([]);
  });

  it.each(FUNCTIONS)('keep %s small, all of its files together', (name) => {
    const size = codeOf(name).reduce((sum, path) => sum + statSync(path).size, 0);
    expect(size).toBeGreaterThan(100_000);
    expect(size).toBeLessThanOrEqual(bundleLimit(name));
  });

  it('hold the config whole, so that no function has to judge it again', () => {
    const text = readFileSync(join(first, 'fence-source', 'config.json'), 'utf8');
    expect(JSON.parse(text)).toEqual(storefront);
    expect(resolveConfig(JSON.parse(text))).toEqual(storefront);
  });

  it('import nothing but modules of Node.js: the AWS SDK is inside', () => {
    const imported = Object.values(again.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((path) => !isBuiltin(path))).toEqual([]);
  });

  it('hold the schema library only where something from outside is read', () => {
    const holding = FUNCTIONS.filter((name) =>
      codeOf(name).some((path) => readFileSync(path, 'utf8').includes('_zod')),
    );
    expect(holding).toEqual(['open-operation', 'observe-regions']);
  });

  it('are the same bytes for the same sources', async () => {
    const second = await bundleLambdas(storefront, temporaryFolder('second'));
    expect(digest(second)).toEqual(digest(first));
  });

  it('load in Node.js and export a handler', () => {
    const script = `
      for (const url of process.argv.slice(1)) {
        const { handler } = await import(url);
        if (typeof handler !== 'function') throw new Error(url + ' exports no handler');
      }`;
    const urls = FUNCTIONS.map((name) => join(first, name, 'index.mjs'));
    expect(() => execFileSync(process.execPath, ['--input-type=module', '--eval', script, ...urls])).not.toThrow();
  });
});

describe('the bundle of ensure-weights', () => {
  it('asks for every weight without overwriting, takes "exists" for done, and tells CloudFormation', async () => {
    await using server = await startLoopbackServer(({ method, body }) => {
      if (method === 'PUT') return { status: 200 };
      return body.includes('ap-southeast-1')
        ? { status: 400, headers: { 'x-amzn-errortype': 'ParameterAlreadyExists' }, body: '{}' }
        : { status: 200, body: '{"Version":1}' };
    });
    await runEnsureWeights(server.url);
    const sent = server.received.map(({ method, body }) => ({ method, ...JSON.parse(body) }));
    const name = '/switchyard/storefront/weights/live.api.storefront.example';
    expect(sent).toMatchObject([
      { method: 'POST', Name: `${name}/ap-southeast-1`, Value: '100', Type: 'String', Overwrite: false },
      { method: 'POST', Name: `${name}/ap-northeast-1`, Value: '0', Type: 'String', Overwrite: false },
      { method: 'PUT', Status: 'SUCCESS', LogicalResourceId: 'Weights' },
    ]);
  });
});

/** Invokes the bundle as Lambda would, in a process of its own, with AWS and CloudFormation at a local address. */
async function runEnsureWeights(url: string): Promise<void> {
  const event = {
    RequestType: 'Create',
    ResponseURL: `${url}/answer`,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Weights',
    ResourceProperties: {},
  };
  const script = `const { handler } = await import(process.argv[1]); await handler(${JSON.stringify(event)}, {});`;
  const bundle = join(first, 'ensure-weights', 'index.mjs');
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script, bundle], {
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'ap-northeast-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      SWITCHYARD_ACCOUNT: '123456789012',
      SWITCHYARD_PARTITION: 'aws',
    },
  });
}

/** Paths of a function's files of code. */
function codeOf(name: string): readonly string[] {
  const folder = join(first, name);
  return readdirSync(folder).flatMap((file) => (file.endsWith('.mjs') ? [join(folder, file)] : []));
}

function digest(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    FUNCTIONS.map((name) => {
      const hash = createHash('sha256');
      for (const file of readdirSync(join(folder, name)).sort()) hash.update(readFileSync(join(folder, name, file)));
      return [name, hash.digest('hex')];
    }),
  );
}
