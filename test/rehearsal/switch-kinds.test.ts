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
