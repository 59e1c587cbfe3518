import type { Entity, Sides } from '../../core/reconcile/entity.ts';
import type { Table } from '../../core/reconcile/table.ts';
import type { ReconcileSection } from './task.ts';

/** The tables of both Regions, reached from here. */
export interface ConnectedTables {
  readonly tables: (entity: Entity) => Sides<Table>;
  close(): Promise<void>;
}

/** Connects with the tables of both Regions; what it connects by comes from the environment. */
export type Connect = (
  section: ReconcileSection,
  regions: Sides<string>,
  environment: Readonly<Record<string, string | undefined>>,
) => Promise<ConnectedTables>;
