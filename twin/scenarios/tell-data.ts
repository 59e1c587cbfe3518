import { applicationRegions } from '../../core/config/accessors.ts';
import { isSameContent } from '../../core/same-content.ts';
import type { RegionalData } from '../world/regional-data.ts';
import type { World } from '../world/world.ts';
import type { DataFacts } from './result-document.ts';

/** Tells the tables as they are at the end, by the tables themselves; `null` where the config says nothing of them. */
export function tellData({ config, data, machines }: Pick<World, 'config' | 'data' | 'machines'>): DataFacts | null {
  if (data === undefined) return null;
  const regions = applicationRegions(config);
  const entities = data.entities.map(({ name }) => {
    const tables = regions.map((region) => data.table(name, region));
    const writes = tables.map((table) => table.writes.map(({ key }) => key.join('/')));
    return {
      name,
      differing: differingRows(data, { entity: name, regions }),
      written: writes.reduce((sum, keys) => sum + keys.length, 0),
      writtenAgain: writes.reduce((sum, keys) => sum + keys.length - new Set(keys).size, 0),
      audited: tables.reduce((sum, { audit }) => sum + audit.length, 0),
    };
  });
  return { entities, machines: machines.executions().filter(({ machine }) => machine === 'reconcile').length };
}

/** Rows that are not the same in all Regions, or not there in some. */
function differingRows(
  data: RegionalData,
  { entity, regions }: { readonly entity: string; readonly regions: readonly string[] },
): number {
  const contents = regions.map(
    (region) => new Map(data.table(entity, region).rows.map((row) => [row['id'], row] as const)),
  );
  const ids = new Set(contents.flatMap((rows) => [...rows.keys()]));
  return [...ids].filter((id) => contents.some((rows) => !isSameContent(rows.get(id), contents[0]?.get(id)))).length;
}
