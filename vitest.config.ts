import { defineConfig } from 'vitest/config';
import { TierGuard } from './test/_helpers/tier-guard.ts';

/** One project per tier; a tier without tests fails the run (test/_helpers/tier-guard.ts). */
const TIERS = ['unit', 'property', 'contract', 'cdk', 'asl', 'rehearsal', 'docs'];

export default defineConfig({
  test: {
    sequence: { shuffle: true },
    reporters: ['default', new TierGuard()],
    coverage: {
      provider: 'v8',
      include: ['core/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 95 },
    },
    projects: TIERS.map((tier) => ({
      extends: true,
      test: { name: tier, include: [`test/${tier}/**/*.test.ts`], testTimeout: 60_000 },
    })),
  },
});
