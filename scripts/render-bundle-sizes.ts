import { bundleSizes } from '../lib/bundle-lambdas.ts';
import { bundleLimit } from '../lib/functions.ts';
import { markdownTable } from './markdown-table.ts';

/** Rounded up to this, so that the table changes when a bundle does and not with every line of code. */
const STEP_BYTES = 10_000;

/** The bundles by size: what each holds at most, to 10 KB, against its limit. */
export async function renderBundleSizes(): Promise<string> {
  const bySize = Map.groupBy(await bundleSizes(), ([name, bytes]) => `${bundleLimit(name)} ${roundedUp(bytes)}`);
  const rows = [...bySize.values()].map((bundles) => rowOf(bundles));
  return markdownTable(
    ['functions', 'KB at most', 'limit KB'],
    rows.toSorted((a, b) => Number(b[2]) - Number(a[2]) || Number(b[1]) - Number(a[1])).map((row) => row.map(String)),
  );
}

function rowOf(bundles: readonly (readonly [string, number])[]): readonly [string, number, number] {
  const [[name, bytes]] = bundles as [readonly [string, number]];
  const names = bundles.map(([each]) => each).toSorted();
  return [names.join(', '), roundedUp(bytes) / 1000, bundleLimit(name) / 1000];
}

function roundedUp(bytes: number): number {
  return Math.ceil(bytes / STEP_BYTES) * STEP_BYTES;
}
