import type { MemoryCoordination } from '../../../adapters/memory/memory-coordination.ts';
import type { ApplicationState } from '../../../core/operation/application-state.ts';
import type { OperationEvent } from '../../../core/operation/operation-record.ts';
import type { Transition } from '../../../core/operation/transitions.ts';
import type { Coordination } from '../../../core/ports.ts';
import { isSameContent } from '../../../core/same-content.ts';
import type { Process } from './reach.ts';

/** A run of a step's function, on behalf of an operation. */
export interface Run {
  readonly operationId: string;
  readonly process: Process;
}

/** Everything that the table was told, and what must not have been. */
export interface History {
  /** What broke a rule, in plain words. */
  readonly broken: string[];
  /** Operations by the epoch that they raised. */
  readonly openedUnder: ReadonlyMap<number, string>;
  /** Lines that the table has taken, by operation, in order. */
  readonly lines: ReadonlyMap<string, readonly OperationEvent[]>;
  /** The highest epoch of an operation whose fence is on record. */
  provenEpoch(): number;
  /** The table as a run of a step, or anybody else, tells it. */
  seenBy(run?: Run): Coordination;
  /** A run is over, well or not. */
  ends(run: Run): void;
}

/** Watches every change of a table, and holds each to the rules that make an operation the only one. */
export function watchTable(table: MemoryCoordination): History {
  const broken: string[] = [];
  const openedUnder = new Map<number, string>();
  const lines = new Map<string, OperationEvent[]>();
  const holding = new Set<Run>();
  const living = (): readonly Run[] => [...holding].filter(({ process }) => !process.dead);
  let proven = 0;

  const judgeOpening = (before: ApplicationState, { set }: Transition, { operationId }: Run): void => {
    const other = living().find((run) => run.operationId !== operationId);
    if (other !== undefined) broken.push(`two holders: ${operationId} opens while ${other.operationId} acts`);
    if (set.epoch !== before.epoch + 1 || openedUnder.has(set.epoch)) broken.push(`epoch ${set.epoch} is used again`);
    openedUnder.set(set.epoch ?? before.epoch, operationId);
  };
  const judgeChange = (before: ApplicationState, { set }: Transition, { operationId }: Run): void => {
    if (before.operationId !== operationId || openedUnder.get(before.epoch) !== operationId)
      broken.push(`${operationId} changes what ${before.operationId} holds`);
    const former = table.operations.get(operationId)?.before.writerRegion;
    if (typeof set.writerRegion === 'string' && set.writerRegion !== former && !hasFence(lines.get(operationId)))
      broken.push(`${operationId} lets ${set.writerRegion} write without a fence on record`);
  };
  const judge = (before: ApplicationState, transition: Transition, run: Run): void => {
    const { epoch, operationId } = transition.set;
    const opens = epoch !== undefined || operationId === run.operationId;
    if (opens) judgeOpening(before, transition, run);
    else judgeChange(before, transition, run);
    if (!opens && !run.process.dead) holding.add(run);
  };

  return {
    broken,
    openedUnder,
    lines,
    provenEpoch: () => proven,
    ends: (run) => void holding.delete(run),
    seenBy: (run) => ({
      ...table,
      transition: async (transition) => {
        const before = table.state;
        const after = await table.transition(transition);
        if (after !== undefined && run !== undefined) judge(before, transition, run);
        return after;
      },
      appendEvent: async (operationId, position, event) => {
        const taken = await table.appendEvent(operationId, position, event);
        if (!taken) return false;
        lines.set(operationId, [...(lines.get(operationId) ?? []), event]);
        if (isFence(event)) proven = Math.max(proven, (await table.readOperation(operationId))?.epoch ?? 0);
        return true;
      },
    }),
  };
}

/** What the records have lost of what the table had taken, and what they tell twice, once all is over. */
export function lostOrDoubled(table: MemoryCoordination, { lines, openedUnder }: History): readonly string[] {
  const lost = [...lines].flatMap(([operationId, taken]) => {
    const kept = table.operations.get(operationId)?.events ?? [];
    return isSameContent(kept, taken) ? [] : [`the log of ${operationId} lost a line, or was changed`];
  });
  const openings = [...openedUnder.values()].flatMap((operationId) => {
    const { events = [] } = table.operations.get(operationId) ?? {};
    const opened = events.filter(({ step, outcome }) => step === 'open-operation' && outcome === 'done').length;
    const acted = events.some(({ step }) => step !== 'open-operation');
    return opened > 1 || (acted && opened === 0) ? [`${operationId} has ${opened} lines about its opening`] : [];
  });
  return [...lost, ...openings];
}

function isFence({ step, outcome }: OperationEvent): boolean {
  return step === 'fence-source' && outcome === 'done';
}

function hasFence(events: readonly OperationEvent[] = []): boolean {
  return events.some(isFence);
}
