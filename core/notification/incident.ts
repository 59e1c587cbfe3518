import type { OperationRecord } from '../operation/operation-record.ts';
import type { Mode } from '../operation/request.ts';
import type { Incident } from './channel.ts';

/** How urgent it is that an operation goes on: nobody asked for an automatic one, and an emergency is one. */
const SEVERITY_BY_MODE: Readonly<Record<Mode, Incident['severity']>> = {
  automatic: 'critical',
  emergency: 'critical',
  manual: 'warning',
  planned: 'info',
};

/** Events after which nothing goes on until somebody comes. */
const HALTS: ReadonlySet<string> = new Set(['held', 'execution-ended']);
/** Events after which nobody has to do anything. */
const ENDS: ReadonlySet<string> = new Set(['succeeded', 'aborted']);

/**
 * What an event of an operation means for whoever is on call: open from its start, worse where it is held or has failed,
 * and over once it has ended with nothing left to do. One that failed stays open: its cause is still there.
 */
export function incidentOf({ operationId, request }: OperationRecord, event: string): Incident {
  const severity = HALTS.has(event) ? 'critical' : event === 'failed' ? 'error' : SEVERITY_BY_MODE[request.mode];
  return { key: operationId, state: ENDS.has(event) ? 'over' : 'open', severity };
}
