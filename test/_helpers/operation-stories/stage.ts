import type { MemoryCoordination } from '../../../adapters/memory/memory-coordination.ts';
import type { WriteFence } from '../../../client/write-fence.ts';
import type { DataTier, EvacuationSwitch, FunctionCaller, RecordStore, Telemetry } from '../../../core/ports.ts';
import { testConfig } from '../config.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { History } from './history.ts';

/** Two Regions without a data tier: the right to commit is all that moves. */
export const STORY_CONFIG = testConfig();

/** What lies outside the table; it answers at once, since the story is about the record. */
export interface Outside {
  readonly evacuation: EvacuationSwitch;
  readonly records: RecordStore;
  readonly dataTier: DataTier;
  readonly functions: FunctionCaller;
  readonly telemetry: Telemetry;
}

/** What a story is played on. */
export interface Stage {
  readonly time: VirtualTime;
  readonly table: MemoryCoordination;
  readonly history: History;
  readonly outside: Outside;
  readonly fences: readonly { readonly region: string; readonly fence: WriteFence }[];
  /** What executions ended with, by name. */
  readonly ends: Map<string, string>;
}
