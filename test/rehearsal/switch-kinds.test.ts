import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import exampleConfig from '../../switchyard.config.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

/** The example with the switch of a fixture: both have the same Regions. */
function withSwitchOf(fixture: string) {
  const url = new URL(`../_fixtures/configs/${fixture}.json`, import.meta.url);
  const { evacuation } = JSON.parse(readFileSync(url, 'utf8'));
  return resolveConfig({
    ...exampleConfig,
    evacuation: { guardians: exampleConfig.evacuation.guardians, ...evacuation },
  });
}

/** A metric is seen a period later: the figures of the scenarios are those of the default switch. */
const FIGURES = [
  'the first changed answer comes within 55 s of the fault',
  'clients are back within 120 s (p99)',
  'as fast as with a control plane',
];

describe.each([
  { kind: 'cloudwatch', fixture: 'cloudwatch-switch', slower: FIGURES },
  { kind: 'arc', fixture: 'arc-switch', slower: [] },
])('with the switch $kind', ({ fixture, slower }) => {
  it.each(['region-outage', 'control-plane-outage'])(
    '%s ends as it expects, but for what a slower switch costs',
    async (scenario) => {
      const result = await rehearse({ scenario, config: withSwitchOf(fixture) });
      expect(result.failover).toMatchObject({ status: 'SUCCEEDED', ruleId: 'D200' });
      expect(broken(result).filter((text) => !(slower as readonly string[]).includes(text))).toEqual([]);
      if (scenario === 'region-outage') expect(result.failback.status).toBe('SUCCEEDED');
    },
  );
});

describe('a Region that a failover led to, and that then fails itself', () => {
  const after = { failover: 300, records: 300, margin: 600 };
  const failsAtSeconds = 600 + after.failover + after.records + after.margin;

  it.each([
    { what: 'is cut off, and still answers its clients', config: exampleConfig, kind: 'backbone-cut' as const },
    {
      what: 'is dark, with metrics for switches',
      config: withSwitchOf('cloudwatch-switch'),
      kind: 'region-dark' as const,
    },
  ])('keeps nobody out as a guardian where it $what', async ({ config, kind }) => {
    const result = await rehearse({
      config: resolveConfig({ ...config, automation: { ...config.automation, coolDownMinutes: 5 } }),
      scenario: {
        name: 'guardian-cut-off',
        about: 'the Region that serves is the guardian of the one to go back to',
        untilSeconds: failsAtSeconds + 500,
        faults: [
          { kind: 'region-dark', region: 'primary', atSeconds: 600, untilSeconds: 900 },
          { kind, region: 'standby', atSeconds: failsAtSeconds },
        ],
        actions: [],
        expectations: [{ text: 'there are two', path: 'operations.length', op: 'equals', value: 2 }],
      },
    });
    expect(broken(result)).toEqual([]);
    expect(result.operations.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(result.answers.atEnd).toEqual([{ value: 'singapore.storefront.example', share: 1 }]);
  });
});
