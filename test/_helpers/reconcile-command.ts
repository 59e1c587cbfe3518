import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerReconcile } from '../../cli/commands/reconcile.ts';
import { main } from '../../cli/main.ts';
import type { ReconcileWorld } from '../../cli/reconcile/carry-out.ts';
import type { ConfigInput } from '../../core/config/types.ts';
import type { Entity, Sides } from '../../core/reconcile/entity.ts';
import type { Table } from '../../core/reconcile/table.ts';
import { RECONCILE } from '../_fixtures/broken-configs/reconcile.ts';
import { passiveInput } from './config.ts';
import { temporaryFolder } from './synthesize.ts';

/** How the command ended, and all that it said. */
export interface Said {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
  readonly progress: readonly string[];
}

/** A folder with a config that reconciles the orders, and the command as one runs it there. */
export interface ReconcileDesk {
  readonly store: string;
  readonly config: string;
  run(...words: readonly string[]): Promise<Said>;
}

/** Orders as they stand in these tests. */
const ORDERS = {
  tier: 'critical',
  policy: 'manual',
  modifiedColumn: 'modified_at',
  createdColumn: 'created_at',
} as const;
const OTHERS = { customers: false, products: false, payments: false, inventory: false } as const;

/** @param tables both sides' tables of an entity @param world what else the command reaches, where a test says so */
export function reconcileDesk(
  tables: (entity: Entity) => Sides<Table>,
  world: Partial<ReconcileWorld> = {},
  section: Partial<NonNullable<ConfigInput['reconcile']>> = {},
): ReconcileDesk {
  const folder = temporaryFolder('reconcile');
  const [store, config] = [join(folder, 'plans'), join(folder, 'config.json')];
  const reconcile = { ...RECONCILE, entities: { ...OTHERS, orders: ORDERS }, ...section };
  writeFileSync(config, JSON.stringify(passiveInput({ reconcile } as Partial<ConfigInput>)));
  let now = Date.parse('2026-03-01T12:00:00Z');
  const all: ReconcileWorld = {
    connect: async () => ({ tables, close: async () => undefined }),
    awaitInterruption: () => ({ isAsked: () => false, end: () => undefined }),
    environment: {},
    nowEpochMs: () => (now += 1_000),
    sleep: async () => undefined,
    ...world,
  };
  return {
    store,
    config,
    run: async (...words) => {
      const said = { output: [] as string[], errors: [] as string[], progress: [] as string[] };
      const io = {
        interactive: false,
        readByPerson: false,
        out: (text: string) => void said.output.push(text),
        err: (text: string) => void said.errors.push(text),
        progress: (text: string) => void said.progress.push(text),
      };
      const args = ['reconcile', ...words, '--config', config, '--store', store];
      const code = await main(args, io, (program, port, run) => registerReconcile(program, port, run, all));
      return { code, output: said.output.join('\n'), errors: said.errors.join('\n'), progress: said.progress };
    },
  };
}

/** Whether the desk has kept anything. */
export function hasPlans({ store }: ReconcileDesk): boolean {
  return existsSync(store);
}
