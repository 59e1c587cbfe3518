import { describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { recordingIo } from '../_helpers/recording-io.ts';

describe('the command line', () => {
  it('refuses an unknown command with exit code 2 and says what is allowed, without a stack trace', async () => {
    const io = recordingIo();
    const code = await main(['frobnicate'], io);
    expect(code).toBe(2);
    expect(io.errors).toMatch(/unknown command 'frobnicate'/);
    expect(io.errors).not.toMatch(/\n {4}at /);
    expect(io.output).toBe('');
  });

  it('prints its help on the result stream and ends well', async () => {
    const io = recordingIo();
    expect(await main(['--help'], io)).toBe(0);
    expect(io.output).toMatch(/Usage: switchyard/);
  });
});
