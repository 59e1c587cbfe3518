import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import { compileRecordTree } from '../../core/routing/compile/index.ts';
import storefront from '../../switchyard.config.ts';
import { DEPLOYMENT } from '../_helpers/config.ts';
import { synthesize } from '../_helpers/synthesize.ts';

const PAGE = 'docs/day-2.md';
const text = readFileSync(PAGE, 'utf8');

function block(mark: string): string {
  const found = new RegExp(`\`\`\`${mark}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
  if (found === undefined) throw new Error(`${PAGE} has no block marked ${mark}`);
  return found;
}

const literal = (mark: string): unknown => new Function(`return (${block(mark)})`)();

/** The example with the Region that the page adds. */
const wider = resolveConfig({
  ...storefront,
  regions: [...storefront.regions, literal('ts region')],
  evacuation: {
    ...storefront.evacuation,
    guardians: { ...storefront.evacuation.guardians, ...(literal('ts guardians') as object) },
  },
});

/** Every line of shell, with lines that go on put together. */
const LINES = [PAGE, 'docs/deploy.md', 'README.md'].flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/^ *```sh\n([\s\S]*?)```/gm)]
    .flatMap(([, shell = '']) => shell.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => ({ path, line: line.replace(/\s+#.*$/, '').trim() })),
);

describe('a command of the CDK', () => {
  const commands = LINES.filter(({ line }) => line.startsWith('npx cdk ')).map(({ path, line }) => {
    const [command = '', ...words] = line.split(/\s+/).slice(2);
    return { path, line, command, words };
  });
  const stacks = [...synthesize(wider).stacks.values()].map(({ stackName }) => stackName);
  const help = new Map(
    [...new Set(commands.map(({ command }) => command))].map((command) => [
      command,
      execFileSync('node_modules/.bin/cdk', [command, '--help'], { encoding: 'utf8' }),
    ]),
  );

  it.each(commands)('of $path names stacks that the app has: $line', ({ words }) => {
    const named = words.filter((word) => word.startsWith('switchyard-'));
    expect(named.filter((name) => !stacks.includes(name))).toEqual([]);
  });

  it.each(commands)('of $path has only options that the CDK has: $line', ({ command, words }) => {
    for (const option of words.filter((word) => word.startsWith('-'))) {
      expect(help.get(command)).toMatch(new RegExp(`(^|[ ,])${option}[ ,]`, 'm'));
    }
  });

  it('never reverts drift', () => {
    expect(commands.filter(({ words }) => words.includes('--revert-drift'))).toEqual([]);
    expect(text).toContain('--revert-drift');
    expect(help.get('deploy')).toContain('--revert-drift');
  });

  it('deploys, with a Region dead, every other stack by name', () => {
    const section = text.slice(text.indexOf('## One Region dead'), text.indexOf('## A refused deployment'));
    const alive = [...synthesize(storefront).stacks.values()].filter(({ region }) => region !== 'ap-southeast-1');
    const told = alive.filter(({ stackName }) => section.includes(`npx cdk deploy ${stackName}\n`));
    const brought = told.flatMap(({ dependencies }) => dependencies);
    expect(new Set([...told, ...brought])).toEqual(new Set(alive));
  });
});

describe('the guard of a deployment', () => {
  const source = ['deployment-problems', 'removal-problems']
    .map((name) => readFileSync(`core/deployment/${name}.ts`, 'utf8'))
    .join('\n');

  it.each([
    'an operation runs',
    'the application is not at rest',
    'the last change of the weights is not finished',
    'the change set is older than the weight',
    'the weight is not the same everywhere',
    'is to be removed and is in use',
    'this stack is new',
  ])('says "%s", and the page what to do then', (message) => {
    expect(source).toContain(message);
    expect(text.slice(text.indexOf('## A refused deployment'))).toContain(message);
  });

  it('refers to headings that are there', () => {
    const links = [...source.matchAll(/(docs\/[\w/-]+\.md)#([\w-]+)/g)];
    expect(links.length).toBeGreaterThan(3);
    for (const [, path = '', anchor = ''] of links) {
      const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)];
      expect(headings.map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'))).toContain(anchor);
    }
  });
});

describe('the batch that moves a name', () => {
  interface Batch {
    readonly Changes: readonly { readonly Action: string; readonly ResourceRecordSet: object }[];
  }
  const { Changes } = JSON.parse(block('json move')) as Batch;
  const of = (action: string): readonly object[] =>
    Changes.filter(({ Action }) => Action === action).map(({ ResourceRecordSet }) => ResourceRecordSet);

  it('deletes exactly what the old stack has at that name, which Route 53 asks for', () => {
    const { records } = compileRecordTree(storefront, DEPLOYMENT, {});
    const own = records
      .filter(({ Name }) => Name === storefront.record)
      .map((record) =>
        record.HealthCheckId === undefined ? record : { ...record, HealthCheckId: `<id of ${record.HealthCheckId}>` },
      );
    expect(of('DELETE')).toEqual(own);
  });

  it('leaves one alias there, to the record of the new application', () => {
    expect(of('CREATE')).toMatchObject([
      {
        Name: storefront.record,
        AliasTarget: { HostedZoneId: storefront.hostedZoneId, DNSName: 'shop.storefront.example' },
      },
    ]);
    expect(text).toContain('another `record`, such as `shop.storefront.example`');
  });
});
