import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { names } from '../../core/config/names.ts';
import committed from '../../lib/data/health-checker-ranges.json' with { type: 'json' };
import storefront from '../../switchyard.config.ts';
import { acknowledgedBelow } from '../_helpers/nag.ts';
import { sourceFiles } from '../_helpers/source-files.ts';
import { type Resource, synthesize } from '../_helpers/synthesize.ts';

const text = readFileSync('docs/security.md', 'utf8');
const { stacks, resources } = synthesize(storefront);
const ofType = (type: string): readonly Resource[] =>
  [...stacks.keys()].flatMap((stack) => [...resources(stack, type).values()]);

/** What the table of data says about how long something is kept. */
function keptOf(where: string): string | undefined {
  return new RegExp(`^\\| ${where} \\|.*\\| ([^|]+) \\|$`, 'm').exec(text)?.[1];
}

describe('docs/security.md', () => {
  it.each(['README.md', 'docs/deploy.md', 'SECURITY.md'])('is linked from %s', (path) => {
    expect(readFileSync(path, 'utf8')).toMatch(/\]\((?:docs\/)?security\.md\)/);
  });

  it('leads to where a vulnerability is reported', () => {
    expect(text).toContain('](../SECURITY.md)');
  });

  it('lists every answer to cdk-nag, with its reason and what it is about', () => {
    const [stack] = stacks.values();
    const acknowledged = stack === undefined ? [] : acknowledgedBelow(stack.node.root);
    expect(acknowledged.length).toBeGreaterThan(0);
    const wide = text.slice(text.indexOf('<!-- generated: wide -->'));
    for (const { rule, reason } of acknowledged) {
      const resource = /^AwsSolutions-IAM5\[Resource::(.*)\]$/
        .exec(rule)?.[1]
        ?.replace('<AWS::AccountId>', '<account>');
      expect(wide).toContain(`\`${resource}\``);
      for (const one of reason.split('; ')) expect(wide).toContain(one);
    }
  });

  it('says how long logs are kept, as the templates do', () => {
    const groups = ofType('AWS::Logs::LogGroup').map(({ Properties }) => Properties);
    const days = (isIt: RegExp) =>
      new Set(
        groups.filter(({ LogGroupName }) => isIt.test(String(LogGroupName))).map((group) => group['RetentionInDays']),
      );
    expect([keptOf('log groups of functions'), days(/^\/aws\/lambda\//)]).toEqual(['3 months', new Set([90])]);
    expect([keptOf('log groups of machines'), days(/^\/aws\/vendedlogs\//)]).toEqual(['1 year', new Set([365])]);
    const rules = ofType('AWS::S3::Bucket').flatMap(({ Properties }) => {
      const lifecycle = Properties['LifecycleConfiguration'] as { Rules: { ExpirationInDays: number }[] } | undefined;
      return lifecycle?.Rules.map(({ ExpirationInDays }) => ExpirationInDays) ?? [];
    });
    expect([keptOf('access log bucket'), new Set(rules)]).toEqual(['90 days', new Set([90])]);
  });

  it('names machines, switches and parameters as they are named', () => {
    const application = { application: '<application>' };
    expect(text).toContain(`\`${names.stateMachine(application, 'failover')}\``);
    expect(text).toContain(`\`${names.evacuationKey(application, '<region>')}\``);
    expect(text).toContain(`\`${names.weightParameter(application, { name: '…', setIdentifier: '' }).slice(0, -1)}\``);
  });

  it('names tests that are there', () => {
    const named = [...text.matchAll(/`(test\/[\w/-]+\.test\.ts)`/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('shows a command that compares the ranges, and ends as it says', () => {
    expect(text).toContain('npm run -s check:ranges -- ip-ranges.json\n');
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const [, ...command] = scripts['check:ranges']?.split(' ').slice(1) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-ranges-'));
    const prefixes = committed.ranges.map(({ prefix, region }) => ({
      ip_prefix: prefix,
      region,
      service: 'ROUTE53_HEALTHCHECKS',
    }));
    const endsWith = (document: object): number | null => {
      const file = join(folder, 'ip-ranges.json');
      writeFileSync(file, JSON.stringify(document));
      return spawnSync(process.execPath, [...command, file], { timeout: 40_000 }).status;
    };
    const published = { syncToken: '1', createDate: '2027-01-01-00-00-00' };
    expect(endsWith({ ...published, prefixes })).toBe(0);
    expect(endsWith({ ...published, prefixes: prefixes.slice(1) })).toBe(4);
    expect(endsWith({ ...published })).toBe(2);
    rmSync(folder, { recursive: true });
  });

  it('may say that the SDK speaks TLS to every endpoint, since no code names a plain one', () => {
    const plain = sourceFiles(['adapters/aws', 'lambdas', 'lib']).filter(({ code }) => code.includes('http://'));
    expect(plain.map(({ path }) => path)).toEqual([]);
  });
});
