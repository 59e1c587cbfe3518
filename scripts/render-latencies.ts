import type { Distribution } from '../twin/random.ts';
import { LATENCIES } from '../twin/world/latencies.ts';
import { markdownTable } from './markdown-table.ts';

/** Every duration of the twin that is not a rule, with where it comes from. */
export function renderLatencies(): string {
  const rows = Object.entries(LATENCIES).map(([name, { milliseconds, source }]) => [
    name,
    describe(milliseconds),
    source,
  ]);
  return markdownTable(['duration', 'drawn, ms', 'source'], rows);
}

function describe(distribution: Distribution): string {
  if (distribution.kind === 'uniform') return `evenly from ${distribution.from} to ${distribution.to}`;
  return `log-normal, median ${distribution.median}, sigma ${distribution.sigma}`;
}
