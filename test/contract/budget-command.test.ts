import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { renderBudget } from '../../core/budget/render.ts';
import storefront from '../../switchyard.config.ts';
import { passiveInput } from '../_helpers/config.ts';
import { recordingIo } from '../_helpers/recording-io.ts';
import { temporaryFolder } from '../_helpers/synthesize.ts';

function configFile(input: unknown): string {
  const file = join(temporaryFolder('budget'), 'config.json');
  writeFileSync(file, JSON.stringify(input));
  return file;
}

describe('switchyard budget', () => {
  it('prints every sum beside its target', async () => {
    const io = recordingIo();
    expect(await main(['budget'], io)).toBe(0);
    expect(io.output.trim()).toBe(renderBudget(storefront));
  });

  it('gives every term as JSON', async () => {
    const io = recordingIo();
    expect(await main(['budget', '--json'], io)).toBe(0);
    const { scenarios } = JSON.parse(io.output);
    expect(scenarios[0]).toMatchObject({
      scenario: 'region-outage',
      totalSeconds: 124,
      target: { field: 'regionFailureSeconds', seconds: 300 },
      before: [{ name: 'detection', seconds: 37 }, {}, {}, {}],
    });
  });

  it('ends with 2 and says why where a promise cannot be kept', async () => {
    const io = recordingIo();
    const file = configFile(passiveInput({ targets: { plannedSeconds: 60 } }));
    expect(await main(['budget', '--config', file], io)).toBe(2);
    expect(io.errors).toMatch(
      /^- targets\.plannedSeconds: cannot be kept: planned work, from the moment from which nobody may write, fence 29/,
    );
    expect(io.output).toContain('(ABOVE the target of 60)');
  });

  it('has no total of what never ends', async () => {
    const io = recordingIo();
    const file = configFile(
      passiveInput({ checks: { 'response-time': { class: 'critical' }, 'database-writer': false } }),
    );
    expect(await main(['budget', '--json', '--config', file], io)).toBe(2);
    expect(JSON.parse(io.output).scenarios[0]).toMatchObject({ totalSeconds: null, never: expect.any(String) });
  });
});
