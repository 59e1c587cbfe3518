import type { Decision } from '../../core/decision/outcome.ts';
import type { ObserverReport } from '../../core/health/report.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { Coordination } from '../../core/ports.ts';
import { apply, stateOf } from './operations.ts';

/** A coordination table in memory, and what it holds. Every call is one atomic step. */
export interface MemoryCoordination extends Coordination {
  readonly state: ApplicationState;
  readonly operations: ReadonlyMap<string, OperationRecord>;
  readonly reports: readonly ObserverReport[];
  readonly decision: Decision | undefined;
}

/** A table that compares and sets as the strongly consistent one does. */
export function createMemoryCoordination(initial: Partial<ApplicationState> = {}): MemoryCoordination {
  let state = stateOf(initial);
  let decision: Decision | undefined;
  const operations = new Map<string, OperationRecord>();
  const reports = new Map<string, ObserverReport>();
  const claimed = new Map<string, number>();
  const change = (operationId: string, changes: Partial<OperationRecord>): boolean => {
    const record = operations.get(operationId);
    if (record === undefined) return false;
    operations.set(operationId, { ...record, ...changes });
    return true;
  };
  return {
    operations,
    get state() {
      return state;
    },
    get decision() {
      return decision;
    },
    get reports() {
      return [...reports.values()];
    },
    readState: async () => state,
    readSituation: async () => ({ state, reports: [...reports.values()], decision }),
    transition: async (transition) => {
      const next = apply(state, transition);
      state = next ?? state;
      return next;
    },
    claimRound: async (observer, round) => {
      if ((claimed.get(observer) ?? -1) >= round) return false;
      claimed.set(observer, round);
      return true;
    },
    mergeReport: async (report) => {
      const key = `${report.observer} ${report.subject}`;
      const before = reports.get(key);
      const checks = { ...before?.checks, ...report.checks };
      reports.set(key, { ...report, checks, metrics: { ...before?.metrics, ...report.metrics } });
    },
    replaceDecision: async (before, next) => {
      if (decision?.decidedAtEpochMs !== before?.decidedAtEpochMs) return false;
      decision = next;
      return true;
    },
    createOperation: async (record) => {
      if (!operations.has(record.operationId)) operations.set(record.operationId, record);
    },
    readOperation: async (operationId) => operations.get(operationId),
    appendEvent: async (operationId, position, event) => {
      const events = operations.get(operationId)?.events;
      return events?.length === position && change(operationId, { events: [...events, event] });
    },
    setStatus: async (operationId, status, endedAtEpochMs) => {
      change(operationId, { status, endedAtEpochMs });
    },
  };
}
