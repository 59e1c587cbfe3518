import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filesUnder } from '../../_helpers/files-under.ts';
import { secretFieldsIn, secretsIn } from '../../_helpers/secrets.ts';

/** Put together here, so that no file holds anything of the form. */
const SAMPLES: Readonly<Record<string, string>> = {
  'AWS access key id': ['AKIA', 'IOSFODNN7EXAMPLE'].join(''),
  'private key': ['-----BEGIN', 'PRIVATE KEY-----'].join(' '),
  'JSON web token': ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTYifQ', 'c2lnbmF0dXJlMTIz'].join('.'),
  'GitHub token': `ghp_${'a'.repeat(36)}`,
  'npm token': `npm_${'a'.repeat(36)}`,
  'Slack token': ['xoxb', '123456789012', 'abc'].join('-'),
  'Slack webhook': ['https://hooks.slack.com', 'services', 'T00000000', 'B00000000'].join('/'),
  'address with a password': ['postgres://me', 'sesame@localhost/db'].join(':'),
  'signed address': `https://bucket.example/key?X-Amz-Signature=${'0f'.repeat(16)}`,
};

describe('the search for secrets', () => {
  it.each(Object.entries(SAMPLES))('knows a %s', (kind, sample) => {
    expect(secretsIn(`a line with "${sample}" in it`)).toEqual([kind]);
  });

  it.each(['arn:aws:iam::123456789012:root', 'https://docs.aws.amazon.com/x', 'token-1', 'evacuate/storefront/x'])(
    'takes %s for none',
    (text) => {
      expect(secretsIn(text)).toEqual([]);
    },
  );

  it('knows fields by their names, at any depth', () => {
    const template = { a: [{ MasterPassword: 'x' }], ApiKey: { Ref: 'Parameter' }, secrets_rev: '', key: 'x' };
    expect(secretFieldsIn(template)).toEqual(['a.0.MasterPassword']);
  });
});

/** What builds and installs leave behind. */
const MADE_HERE: ReadonlySet<string> = new Set(['node_modules', 'dist', 'cdk.out', 'coverage', 'reports']);

describe('the repository', () => {
  it('holds nothing that looks like a secret', () => {
    const files = readdirSync('.', { withFileTypes: true })
      .filter(({ name }) => !MADE_HERE.has(name) && (!name.startsWith('.') || name === '.ci'))
      .flatMap((entry) => (entry.isDirectory() ? filesUnder(entry.name) : [entry.name]));
    expect(files).toContain('docs/deploy.md');
    const found = files.flatMap((file) => secretsIn(readFileSync(file, 'utf8')).map((kind) => `${file}: ${kind}`));
    expect(found).toEqual([]);
  });
});
