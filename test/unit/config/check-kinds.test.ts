import { describe, expect, it } from 'vitest';
import { advisoriesOf } from '../../../core/config/advisories.ts';
import type { CheckKind } from '../../../core/config/checks.ts';
import { textFor } from '../../../core/config/regional.ts';
import { tcpPeerOf, tlsPeerOf } from '../../../core/health/peer.ts';
import { CHECK_KINDS, CHECK_SAMPLES, configOfEveryKind, sampleCheck } from '../../_helpers/check-samples.ts';
import { OSAKA, passiveInput, problemsIn, SEOUL, SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';

/** Problems of the sample of a kind with one field changed. */
const problems = (kind: CheckKind, changes: Readonly<Record<string, unknown>>) =>
  problemsIn(passiveInput({ checks: { mine: { ...CHECK_SAMPLES[kind], ...changes } } }));

describe('a field of a kind of check', () => {
  it.each<{ kind: CheckKind; field: string; least: number; most: number }>([
    { kind: 'tcp', field: 'port', least: 1, most: 65_535 },
    { kind: 'tls-expiry', field: 'port', least: 1, most: 65_535 },
    { kind: 'tls-expiry', field: 'minimumDays', least: 1, most: 3650 },
  ])('$field of $kind may be $least to $most', ({ kind, field, least, most }) => {
    for (const value of [least, most]) expect(problems(kind, { [field]: value })).toEqual([]);
    for (const value of [least - 1, most + 1, least + 0.5]) {
      expect(problems(kind, { [field]: value })).toMatchObject([{ path: `checks.mine.${field}`, value }]);
    }
  });

  it.each<{ kind: CheckKind; field: string; taken: readonly unknown[]; refused: readonly unknown[] }>([
    {
      kind: 'tcp',
      field: 'host',
      taken: ['10.0.0.1', 'db.example', 'db.{region}.example', { [SINGAPORE]: 'a.example', [TOKYO]: 'b.example' }],
      refused: ['', 'DB.example', 'db', 'db.{Region}.example', '256.0.0.1', 'https://db.example'],
    },
    { kind: 'tls-expiry', field: 'serverName', taken: ['api.example'], refused: ['10.0.0.1', ''] },
    { kind: 'dns', field: 'type', taken: ['A', 'AAAA', 'CNAME', 'NS', 'TXT'], refused: ['MX', 'a'] },
    { kind: 'dns', field: 'expected', taken: [['192.0.2.7'], undefined], refused: [[], ['']] },
    {
      kind: 'dns',
      field: 'resolver',
      taken: ['10.0.0.2', '10.0.0.2:5353'],
      refused: ['', 'resolver.example', '10.0.0.2:', '10.0.0.2:0'],
    },
    {
      kind: 'cloudwatch',
      field: 'statistic',
      taken: ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount', 'p0', 'p99', 'p99.9', 'p100'],
      refused: ['average', 'p101', 'tm99', ''],
    },
    {
      kind: 'cloudwatch',
      field: 'periodSeconds',
      taken: [1, 5, 10, 20, 30, 60, 120, 3600],
      refused: [0, 2, 59, 61, 3601, 3660],
    },
    { kind: 'cloudwatch', field: 'region', taken: ['us-east-1', undefined], refused: ['us-east', ''] },
    {
      kind: 'cloudwatch',
      field: 'dimensions',
      taken: [{}, Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`d${n}`, 'x']))],
      refused: [Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`d${n}`, 'x']))],
    },
    {
      kind: 'prometheus',
      field: 'url',
      taken: ['http://10.0.0.1:9090', 'https://{region}.prometheus.example/base'],
      refused: ['', 'prometheus.example', 'ftp://prometheus.example'],
    },
    { kind: 'prometheus', field: 'query', taken: ['up', 'x'.repeat(4096)], refused: ['', 'x'.repeat(4097)] },
    { kind: 'queue-age', field: 'aboveSeconds', taken: [0.001, 86_400], refused: [0, -1] },
    {
      kind: 'lambda',
      field: 'function',
      taken: ['f', 'smoke-test:live', 'f'.repeat(64)],
      refused: ['', 'f'.repeat(65), 'a b', 'arn:aws:lambda:eu-west-1:123456789012:function:f', 'f:'],
    },
  ])('$field of $kind keeps to its form', ({ kind, field, taken, refused }) => {
    for (const value of taken) expect(problems(kind, { [field]: value }), String(value)).toEqual([]);
    for (const value of refused) {
      const [problem, ...more] = problems(kind, { [field]: value });
      expect(more, String(value)).toEqual([]);
      expect(problem?.path, String(value)).toMatch(new RegExp(`^checks\\.mine\\.${field}`));
    }
  });

  it.each(CHECK_KINDS)('of %s resolves to what was written, and again to the same', (kind) => {
    const resolved = configOfEveryKind();
    expect(resolved.checks[kind]).toMatchObject(CHECK_SAMPLES[kind]);
    expect(testConfig({ checks: { mine: sampleCheck(kind) } }).checks['mine']).toEqual(resolved.checks[kind]);
  });
});

describe('a text that may differ between Regions', () => {
  it.each([
    { value: 'everywhere', text: 'everywhere' },
    { value: 'in-{region}-and-{region}', text: `in-${TOKYO}-and-${TOKYO}` },
    { value: { [SINGAPORE]: 'a', [TOKYO]: 'b-{region}' }, text: `b-${TOKYO}` },
  ])('is $text', ({ value, text }) => {
    expect(textFor(value, TOKYO)).toBe(text);
  });
});

describe('where a check connects to', () => {
  const tcp = { ...sampleCheck('tcp'), host: undefined, port: undefined } as Parameters<typeof tcpPeerOf>[0];
  const tls = sampleCheck('tls-expiry') as Parameters<typeof tlsPeerOf>[0];
  const record = 'api.storefront.example';

  it.each([
    { endpoint: 'https://tokyo.example', port: 443 },
    { endpoint: 'http://tokyo.example', port: 80 },
    { endpoint: 'https://tokyo.example:8443', port: 8443 },
  ])('is the port of $endpoint', ({ endpoint, port }) => {
    expect(tcpPeerOf(tcp, { id: TOKYO, endpoint })).toEqual({ host: 'tokyo.example', port });
  });

  it.each([
    {
      endpoint: 'https://tokyo.example:8443',
      peer: { host: 'tokyo.example', port: 8443, serverName: 'tokyo.example' },
    },
    { endpoint: 'http://tokyo.example:80', peer: { host: 'tokyo.example', port: 443, serverName: 'tokyo.example' } },
    { endpoint: 'https://192.0.2.1', peer: { host: '192.0.2.1', port: 443, serverName: record } },
  ])('is, for a certificate, that of $endpoint with a name that may be asked for', ({ endpoint, peer }) => {
    expect(tlsPeerOf(tls, { subject: { id: TOKYO, endpoint }, record })).toEqual(peer);
  });
});

describe('a critical check that has no data where all is well', () => {
  const advice = (kind: CheckKind) =>
    advisoriesOf(
      testConfig({ vantages: [SEOUL, OSAKA], checks: { mine: { ...CHECK_SAMPLES[kind], class: 'critical' } } }),
    );

  it('is advised against, with the reason', () => {
    expect(advice('aurora-lag')).toEqual([
      expect.stringMatching(
        /^mine is critical, and unknown wherever AuroraGlobalDBReplicationLag has no data \(in the Region of the writer/,
      ),
    ]);
  });

  it('is none of the kinds that always answer', () => {
    expect(advice('tcp')).toEqual([]);
  });
});
