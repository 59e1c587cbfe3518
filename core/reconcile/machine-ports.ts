import type { Deployment } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { Notifier } from '../notification/channel.ts';
import type { Clock, Coordination, DataCopies, FunctionCaller } from '../ports.ts';
import type { Entity } from './entity.ts';
import type { ReconcileStore } from './store.ts';
import type { Table } from './table.ts';

/** The tables of an application in all its Regions. */
export interface RegionalTables {
  of(entity: Entity, region: string): Table;
}

/** What the steps of the machine that reconciles may touch. */
export interface MachinePorts {
  readonly clock: Clock;
  readonly coordination: Coordination;
  readonly plans: ReconcileStore;
  readonly tables: RegionalTables;
  /** Merge functions of the user's. */
  readonly functions: FunctionCaller;
  readonly dataTier: DataCopies;
  readonly notifier: Notifier;
}

/** What such a step is made of. */
export interface ReconcileContext<Name extends keyof MachinePorts> {
  readonly config: ResolvedConfig;
  readonly deployment: Deployment;
  /** Where it runs: the Region that traffic goes back to. */
  readonly region: string;
  readonly ports: Pick<MachinePorts, Name>;
}
