import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { traitsOf } from '../../core/config/accessors.ts';
import { PRESET_MATRIX } from '../_fixtures/preset-matrix.ts';
import { recordingIo } from '../_helpers/recording-io.ts';
import { temporaryFolder } from '../_helpers/synthesize.ts';

const folder = temporaryFolder('presets');

describe.each(PRESET_MATRIX)('for $name', ({ name, input, config }) => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(input));
  const { orchestrated, front, leavesBySwitchOnly } = traitsOf(config);

  async function run(...args: readonly string[]) {
    const io = recordingIo();
    const code = await main([...args, '--config', file], io);
    return { code, output: io.output, errors: io.errors };
  }

  it('switchyard config takes the input', async () => {
    expect(await run('config')).toMatchObject({ code: 0 });
  });

  it('switchyard budget keeps every promise, in each scenario that the preset has', async () => {
    const { code, output, errors } = await run('budget', '--json');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const scenarios = JSON.parse(output).scenarios.map(({ scenario }: { scenario: string }) => scenario);
    expect(scenarios.includes('region-outage')).toBe(orchestrated);
    expect(scenarios.includes('endpoint-outage')).toBe(front === 'regions' && !leavesBySwitchOnly);
    expect(scenarios.includes('every-region-down')).toBe(config.lastResort !== undefined);
    expect(await run('budget')).toMatchObject({ code: 0, output: expect.stringMatching(/^RTO budget/) });
  });

  it('switchyard cost has a failover to pay for where machines run', async () => {
    const { code, output, errors } = await run('cost', '--json');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(JSON.parse(output).perFailover.usd > 0).toBe(orchestrated);
    expect(await run('cost')).toMatchObject({ code: 0, output: expect.stringMatching(/together +\d+\.\d\d\n/) });
  });
});
