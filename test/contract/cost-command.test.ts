import { describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { renderCost } from '../../core/cost/render.ts';
import storefront from '../../switchyard.config.ts';
import { recordingIo } from '../_helpers/recording-io.ts';

describe('switchyard cost', () => {
  it('prints the estimate and its lines', async () => {
    const io = recordingIo();
    expect(await main(['cost'], io)).toBe(0);
    expect(io.output).toContain(renderCost(storefront));
    expect(io.output).toContain('observer: time: ');
    expect(io.errors).toBe('');
  });

  it('gives every line with quantity, price, source and date as JSON', async () => {
    const io = recordingIo();
    expect(await main(['cost', '--json'], io)).toBe(0);
    const { atRestPerMonth, perFailover, pricesLookedUp, notIncluded, alternativesPerMonth } = JSON.parse(io.output);
    const sum = atRestPerMonth.lines.reduce((total: number, { usd }: { usd: number }) => total + usd, 0);
    expect(atRestPerMonth.usd).toBeCloseTo(sum, 6);
    expect(perFailover.usd).toBeLessThan(1);
    expect(pricesLookedUp).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(notIncluded).not.toEqual([]);
    expect(alternativesPerMonth.map(({ usd }: { usd: number }) => usd)).toEqual([70, 1825]);
    expect(atRestPerMonth.lines[0]).toMatchObject({
      stack: 'switchyard-storefront-routing',
      quantity: expect.any(Number),
      price: { usd: 0.5, source: expect.stringContaining('https://aws.amazon.com/'), asOf: '2026-10-01' },
    });
  });

  it('ends with 2 for a config that is not there', async () => {
    const io = recordingIo();
    expect(await main(['cost', '--config', 'missing.ts'], io)).toBe(2);
  });
});
