import { createMemoryTable, type MemoryTable } from '../../adapters/memory/memory-table.ts';
import { applicationRegions } from '../../core/config/accessors.ts';
import { reconciledEntities } from '../../core/config/reconcile-entities.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Entity } from '../../core/reconcile/entity.ts';
import { ReconcileError } from '../../core/reconcile/errors.ts';
import type { RegionalTables } from '../../core/reconcile/machine-ports.ts';
import type { Columns, Table } from '../../core/reconcile/table.ts';
import { draw, type Random } from '../random.ts';
import { never, type Sandbox } from '../step-functions/sandbox.ts';
import type { TwinClock } from '../virtual-clock.ts';
import { LATENCIES } from './latencies.ts';
import type { Network } from './network.ts';

/** Rows of each table before anything happens; enough for several ranges of a thousand rows at least. */
const ROWS = 2_500;
/** A caller that a database does not answer gives up after this. */
const NO_ANSWER_MS = 10_000;
/** Rows were written this long before the rehearsal begins, and longer: each a second before the next one. */
const YOUNGEST_MS = 3_600_000;

/** What an application did to one row in one Region, that replication never carries to the others. */
export interface LocalWrite {
  readonly entity: string;
  readonly region: string;
  /** Number of the row, from 1; one beyond the last is a new one. */
  readonly row: number;
  readonly change: 'write' | 'delete';
}

/** The tables of an application in all its Regions: the same rows everywhere, until somebody writes in one Region alone. */
export interface RegionalData {
  readonly entities: readonly Entity[];
  table(entity: string, region: string): MemoryTable;
  write(write: LocalWrite): void;
  /** The tables as a function of a Region reaches them, for as long as the sandbox it lives in is alive. */
  tablesFrom(region: string, sandbox?: Sandbox): RegionalTables;
}

/** What such tables are made of. */
export interface RegionalDataSettings {
  readonly config: ResolvedConfig;
  readonly clock: TwinClock;
  readonly network: Network;
  readonly random: Random;
}

/** Tables where the config says what to reconcile; undefined where it does not. */
export function createRegionalData(settings: RegionalDataSettings): RegionalData | undefined {
  const { config, clock } = settings;
  const entities = reconciledEntities(config);
  if (entities.length === 0) return undefined;
  const startMs = clock.worldNow();
  const tables = new Map(
    entities.flatMap((entity) =>
      applicationRegions(config).map((region) => [`${entity.name}/${region}`, filled(entity, startMs)] as const),
    ),
  );
  const table = (entity: string, region: string): MemoryTable => {
    const found = tables.get(`${entity}/${region}`);
    if (found !== undefined) return found;
    throw new Error(`there is no table ${entity} in ${region}; there are ${[...tables.keys()].join(', ')}`);
  };
  return {
    entities,
    table,
    write: ({ entity, region, row, change }) => {
      const of = entities.find(({ name }) => name === entity);
      if (of === undefined) throw new Error(`there is no entity ${entity}`);
      const now = clock.worldNow();
      if (change === 'delete')
        table(entity, region).remove([keyOf(row)], of.tombstones === undefined ? undefined : now);
      else
        table(entity, region).put(
          rowOf(of, {
            row,
            content: `written in ${region} alone`,
            modifiedAtMs: now,
            createdAtMs: row > ROWS ? now : firstWrittenMs(startMs, row),
          }),
        );
    },
    tablesFrom: (from, sandbox) => ({
      of: (entity, region) => reached(table(entity.name, region), { ...settings, from, to: region, sandbox }),
    }),
  };
}

function filled(entity: Entity, startMs: number): MemoryTable {
  const names = [
    'id',
    'content',
    entity.modifiedColumn,
    ...(entity.createdColumn === undefined ? [] : [entity.createdColumn]),
  ];
  const columns = names.map((name) => ({ name, type: 'text' }));
  const table = createMemoryTable({ entity, columns, key: ['id'] });
  for (let row = 1; row <= ROWS; row += 1) {
    const writtenMs = firstWrittenMs(startMs, row);
    const content = `row ${row} of ${entity.name}`;
    table.put(rowOf(entity, { row, content, modifiedAtMs: writtenMs, createdAtMs: writtenMs }));
  }
  return table;
}

/** When a row was made that was there before the rehearsal. */
function firstWrittenMs(startMs: number, row: number): number {
  return startMs - YOUNGEST_MS - row * 1000;
}

interface WrittenRow {
  readonly row: number;
  readonly content: string;
  readonly modifiedAtMs: number;
  readonly createdAtMs: number;
}

function rowOf({ modifiedColumn, createdColumn }: Entity, written: WrittenRow): Columns {
  const { row, content, modifiedAtMs, createdAtMs } = written;
  const created = createdColumn === undefined ? {} : { [createdColumn]: new Date(createdAtMs).toISOString() };
  return { id: keyOf(row), content, [modifiedColumn]: new Date(modifiedAtMs).toISOString(), ...created };
}

/** Key of a row by its number. */
export function keyOf(row: number): string {
  return String(row).padStart(6, '0');
}

interface Way extends Pick<RegionalDataSettings, 'clock' | 'network' | 'random'> {
  readonly from: string;
  readonly to: string;
  readonly sandbox: Sandbox | undefined;
}

/** The table behind the network: every call takes its time, a dark Region answers nobody, and a killed caller learns nothing. */
function reached(table: MemoryTable, way: Way): Table {
  const call =
    <Arguments extends readonly unknown[], Answer>(operation: string, run: (...args: Arguments) => Promise<Answer>) =>
    async (...args: Arguments): Promise<Answer> => {
      await reach(way);
      if (way.sandbox?.isDead()) return never();
      const answer = await run(...args);
      way.sandbox?.tookEffect({ operation });
      return way.sandbox?.isDead() ? never() : answer;
    };
  return {
    shape: call('GetShape', table.shape),
    estimateRows: call('GetEstimate', table.estimateRows),
    boundaries: call('GetBoundaries', table.boundaries),
    digests: call('GetDigests', table.digests),
    rowDigests: call('GetRowDigests', table.rowDigests),
    state: call('GetState', table.state),
    digestsOf: call('GetDigestsOf', table.digestsOf),
    apply: call('ApplyRows', table.apply),
    prepareAudit: call('PrepareAudit', table.prepareAudit),
  };
}

async function reach({ from, to, network, clock, random }: Way): Promise<void> {
  const latency = from === to ? LATENCIES.apiCallSameRegion : LATENCIES.apiCallOtherRegion;
  await clock.sleep(draw(latency.milliseconds, random));
  if (network.connects(from, to)) return;
  await clock.sleep(NO_ANSWER_MS);
  throw new ReconcileError('TransientStoreError', `the database in ${to} did not answer within ${NO_ANSWER_MS} ms`);
}
