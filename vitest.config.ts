import { defineConfig } from 'vitest/config';
import { TierGuard } from './test/_helpers/tier-guard.ts';

/** One project per tier; a tier without tests fails the run (test/_helpers/tier-guard.ts). */
const TIERS = ['unit', 'property', 'contract', 'cdk', 'asl', 'rehearsal', 'docs'];

/**
 * Tiers whose files share the modules that a worker has loaded: loading the CDK, or the AWS SDK, for every file took more
 * time than the tests. A file there that replaces a module, a clock or the environment puts it back at its end. In the others that
 * is what most files do.
 */
const SHARING: readonly string[] = ['unit', 'property', 'cdk', 'asl'];

/** A rehearsal that is given up still runs, and the next one of its file cannot: a machine that is shared is given its time. */
const LONGEST_MS: Readonly<Record<string, number>> = { rehearsal: 300_000, docs: 300_000 };

export default defineConfig({
  test: {
    // Files that take long come first, or one core waits for the other in the end.
    sequence: { shuffle: { files: false, tests: true } },
    // By default a core is left idle; on two cores that is half of them.
    maxWorkers: '100%',
    reporters: ['default', new TierGuard()],
    coverage: {
      provider: 'v8',
      include: ['core/**/*.ts'],
      reporter: ['json-summary'],
      thresholds: { lines: 95 },
    },
    projects: TIERS.map((tier) => ({
      extends: true,
      test: {
        name: tier,
        include: [`test/${tier}/**/*.test.ts`],
        testTimeout: LONGEST_MS[tier] ?? 60_000,
        isolate: !SHARING.includes(tier),
      },
    })),
  },
});
