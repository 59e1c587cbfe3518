import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Decision } from '../../core/decision/outcome.ts';
import type { DecisionRecord } from '../../core/decision/record.ts';
import type { ObserverReport } from '../../core/health/report.ts';
import { type ApplicationState, initialState } from '../../core/operation/application-state.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { ParityRecord } from '../../core/parity/parity-record.ts';
import type { Coordination } from '../../core/ports.ts';
import { isSameContent } from '../../core/same-content.ts';

/** A coordination table whose content can be looked at without a call. */
export interface MemoryCoordination extends Coordination {
  readonly state: ApplicationState;
  readonly operations: ReadonlyMap<string, OperationRecord>;
  /** Kept verdicts, by the moment of each. */
  readonly kept: ReadonlyMap<number, DecisionRecord>;
}

/**
 * The coordination table in the memory of one process, for tests and for tools that run without a table. It judges
 * conditions as the table does and passes the same contract suite; what it gives out is a copy.
 *
 * @param initial fields in which the state differs from that of an application that has never moved
 */
export function createMemoryCoordination(
  config: ResolvedConfig,
  initial: Partial<ApplicationState> = {},
): MemoryCoordination {
  const reports = new Map<string, ObserverReport>();
  const rounds = new Map<string, number>();
  const operations = new Map<string, OperationRecord>();
  const kept = new Map<number, DecisionRecord>();
  const parity = new Map<string, ParityRecord>();
  let state: ApplicationState = { ...initialState(config), ...initial };
  let decision: Decision | undefined;
  const update = (operationId: string, change: (record: OperationRecord) => OperationRecord | undefined): boolean => {
    const before = operations.get(operationId);
    const after = before === undefined ? undefined : change(before);
    if (after !== undefined) operations.set(operationId, structuredClone(after));
    return after !== undefined;
  };
  return {
    operations,
    kept,
    get state() {
      return state;
    },
    readSituation: async () =>
      structuredClone({ state, reports: [...reports.values()], decision, parity: [...parity.values()] }),
    readState: async () => structuredClone(state),
    transition: async ({ expect, set }) => {
      if (
        !Object.entries(expect).every(([field, value]) => isSameContent(state[field as keyof ApplicationState], value))
      )
        return undefined;
      state = structuredClone({ ...state, ...set });
      return structuredClone(state);
    },
    claimRound: async (observer, round) => {
      if ((rounds.get(observer) ?? Number.NEGATIVE_INFINITY) >= round) return false;
      rounds.set(observer, round);
      return true;
    },
    mergeReport: async (report) => {
      const key = `${report.observer}/${report.subject}`;
      const before = reports.get(key);
      const merged = {
        ...report,
        checks: { ...before?.checks, ...report.checks },
        metrics: { ...before?.metrics, ...report.metrics },
      };
      reports.set(key, structuredClone(merged));
    },
    replaceDecision: async (before, next) => {
      if (decision?.decidedAtEpochMs !== before?.decidedAtEpochMs) return false;
      decision = structuredClone(next);
      return true;
    },
    keepDecision: async (record) => {
      const key = record.decision.decidedAtEpochMs;
      if (!kept.has(key)) kept.set(key, structuredClone(record));
    },
    keepParity: async (record) => {
      const before = parity.get(record.target);
      if (before !== undefined && before.triedAtEpochMs > record.triedAtEpochMs) return;
      parity.set(record.target, structuredClone(record));
    },
    createOperation: async (record) => {
      if (!operations.has(record.operationId)) operations.set(record.operationId, structuredClone(record));
    },
    readOperation: async (operationId) => structuredClone(operations.get(operationId)),
    appendEvent: async (operationId, position, event) =>
      update(operationId, (record) =>
        record.events.length === position ? { ...record, events: [...record.events, event] } : undefined,
      ),
    setStatus: async (operationId, status, endedAtEpochMs) => {
      update(operationId, (record) =>
        endedAtEpochMs === null && record.endedAtEpochMs !== null ? undefined : { ...record, status, endedAtEpochMs },
      );
    },
    changeExecution: async (operationId, { from, to }) =>
      update(operationId, (record) =>
        record.executionArn === from && record.endedAtEpochMs === null ? { ...record, executionArn: to } : undefined,
      ),
  };
}
