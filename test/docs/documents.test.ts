import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findScenario, scenarioNames } from '../../cli/find-scenario.ts';
import { main } from '../../cli/main.ts';
import { DEFAULT_CHECKS } from '../../core/config/checks.ts';
import { resolveConfig } from '../../core/config/resolve.ts';
import { targetsOf } from '../../core/decision/targets.ts';
import { parseRequest } from '../../core/operation/request.ts';
import exampleConfig from '../../switchyard.config.ts';
import { OPERATORS } from '../../twin/scenarios/expectation-schema.ts';
import { readScenario } from '../../twin/scenarios/references.ts';
import { CHECK_KINDS } from '../_helpers/check-samples.ts';
import { recordingIo } from '../_helpers/recording-io.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

/** Every document of the project, with its text. */
const DOCUMENTS = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'state-machines/README.md'],
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
].map((path) => ({ path, text: readFileSync(path, 'utf8') }));

function block(path: string, mark: string): string {
  const text = new RegExp(`\`\`\`${mark}\n([\\s\\S]*?)\`\`\``).exec(readFileSync(path, 'utf8'))?.[1];
  if (text === undefined) throw new Error(`${path} has no block marked ${mark}`);
  return text;
}

describe('every document', () => {
  it.each(DOCUMENTS)('$path links only to what is there', ({ path, text }) => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target));
    const missing = targets.filter(
      (target) => !existsSync(normalize(join(dirname(path), target.split('#')[0] || '.'))),
    );
    expect(missing).toEqual([]);
  });

  it.each(DOCUMENTS)('$path names only scripts that package.json has', ({ text }) => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm run (?:-s )?([a-z0-9:]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  it.each(DOCUMENTS)('$path shows no command that only a global install would have', ({ text }) => {
    const blocks = [...text.matchAll(/^ *```(?:sh|console)\n([\s\S]*?)```/gm)].map(([, block = '']) => block);
    expect(blocks.filter((block) => /^ *(?:\$ )?switchyard /m.test(block))).toEqual([]);
  });

  it.each(DOCUMENTS)('$path shows only commands that the command line has', async ({ text }) => {
    const commands = [...text.matchAll(/npm run -s switchyard -- ([a-z0-9]+)(?: ([a-z]+))?/g)];
    for (const [, command = '', sub] of commands) {
      const io = recordingIo();
      const words = sub === undefined || !['route53', 'cloudwatch'].includes(command) ? [command] : [command, sub];
      expect(await main([...words, '--help'], io)).toBe(0);
      expect(io.output).toContain(`Usage: switchyard ${words.join(' ')}`);
    }
  });
});

describe('a word of the glossary', () => {
  const words = [...readFileSync('docs/glossary.md', 'utf8').matchAll(/^\| ([a-z][a-z -]*[a-z])(?: \||,)/gm)]
    .map(([, word = '']) => word)
    .filter((word) => word !== 'word');
  const elsewhere = DOCUMENTS.filter(({ path }) => path !== 'docs/glossary.md')
    .map(({ text }) => text)
    .join(' ')
    .toLowerCase();

  it.each(words)('is used somewhere else: %s', (word) => {
    expect(elsewhere).toContain(word);
  });
});

describe('README.md', () => {
  const readme = readFileSync('README.md', 'utf8');

  it('gives exactly two commands for a fresh machine', () => {
    const fresh = readme.slice(readme.indexOf('## Try it'), readme.indexOf('More to try'));
    const commands = [...fresh.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, command = '']) => command.trim());
    expect(commands).toEqual(['npm ci && npm run rehearse', 'npm test']);
  });

  it('shows figures of the default rehearsal as it prints them', async () => {
    const { failover, failback } = await rehearse({ scenario: 'region-outage' });
    expect(readme).toContain(`Failover     ${failover.status} by rule ${failover.ruleId}`);
    expect(readme).toContain(`First answer changed ${failover.firstChangedAnswerSeconds} s after the fault`);
    expect(readme).toContain(
      `p50 ${failover.rtoSeconds.p50}, p99 ${failover.rtoSeconds.p99}, max ${failover.rtoSeconds.max}`,
    );
    const { rtoSeconds, rpoSeconds } = targetsOf(failover.ruleId) ?? {};
    expect(readme).toContain(`for clients that honour the TTL (target: p99 < ${rtoSeconds}); kept-alive`);
    expect(readme).toContain(`RPO (s)      ${failover.rpoSeconds} (target: < ${rpoSeconds})`);
    expect(readme).toContain(`Failback     ${failback.status} after ${failback.durationSeconds} s`);
  });
});

describe('docs/configuration.md', () => {
  it('shows a config that is accepted', () => {
    const source = block('docs/configuration.md', 'ts config');
    const literal = /defineConfig\((\{[\s\S]*\})\);/.exec(source)?.[1] ?? '';
    const input: unknown = new Function(`return ${literal}`)();
    expect(resolveConfig(input).application).toBe('storefront');
  });

  it('leads to the page about checks', () => {
    expect(readFileSync('docs/configuration.md', 'utf8')).toContain('](checks.md)');
  });
});

describe('docs/checks.md', () => {
  const text = readFileSync('docs/checks.md', 'utf8');
  const examples = [...text.matchAll(/```ts checks\n([\s\S]*?)```/g)].map(([, example = '']) => example).join('');
  const checks: Readonly<Record<string, { readonly kind: string }>> = new Function(`return {${examples}}`)();
  const verdicts = text.slice(text.indexOf('| kind | passed |'), text.indexOf('Of a Region that is dark'));

  it('shows checks that are accepted, all together', () => {
    const resolved = resolveConfig({ ...exampleConfig, checks: { ...exampleConfig.checks, ...checks } });
    expect(Object.keys(resolved.checks)).toEqual(expect.arrayContaining(Object.keys(checks)));
  });

  it.each(CHECK_KINDS)('says of %s when it passes, and shows one or leaves it to the default table', (kind) => {
    expect(verdicts).toContain(`\`${kind}\``);
    const shown = [...Object.values(checks), ...Object.values(DEFAULT_CHECKS)].map((check) => check.kind);
    expect(shown).toContain(kind);
  });
});

describe('docs/operations.md', () => {
  it('shows inputs that the machines accept', () => {
    const inputs = [...readFileSync('docs/operations.md', 'utf8').matchAll(/```json\n([\s\S]*?)```/g)];
    expect(inputs).toHaveLength(4);
    for (const [, input = ''] of inputs) {
      expect(parseRequest(exampleConfig, JSON.parse(input))).toHaveProperty('request');
    }
  });

  it.each(['failover', 'failback'])('names every state of the %s that does something or ends it', (machine) => {
    const text = readFileSync('docs/operations.md', 'utf8');
    const { States } = JSON.parse(readFileSync(`state-machines/${machine}.asl.json`, 'utf8')) as {
      States: Record<string, { Type: string }>;
    };
    const told = Object.entries(States)
      .filter(([, { Type }]) => ['Task', 'Fail', 'Succeed'].includes(Type))
      .map(([name]) => name);
    // What only records or tells the end, and the ends that only say so in the graph.
    const echoes = /^(Close|Notify|Abort$|Fail$)/;
    expect(told.filter((name) => !echoes.test(name) && !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });
});

describe('docs/scenarios.md', () => {
  const text = readFileSync('docs/scenarios.md', 'utf8');

  it('shows a scenario in which a person acts', () => {
    const { actions } = JSON.parse(block('docs/scenarios.md', 'json scenario')) as { actions: readonly unknown[] };
    expect(actions).not.toEqual([]);
  });

  it('shows a scenario that passes', async () => {
    const scenario = readScenario({
      subject: 'the example',
      input: JSON.parse(block('docs/scenarios.md', 'json scenario')),
    });
    expect(broken(await rehearse({ scenario }))).toEqual([]);
  });

  it('names every fault, action and operator that scenarios use or may use', () => {
    const scenarios = scenarioNames().map((name) => readScenario(findScenario(name)));
    const kinds = scenarios.flatMap(({ faults }) => faults.map(({ kind }) => kind));
    const actions = ['start', 'approve', 'decline', 'resume', 'abort'];
    for (const word of [...kinds, ...actions, ...OPERATORS, 'action', 'kind', 'atSeconds'])
      expect(text).toContain(`\`${word}\``);
  });
});
