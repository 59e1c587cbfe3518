import { isRecord } from '../is-record.ts';

/** How a reconciliation ended, for whoever asked for it; lies beside its plan. */
export interface ReconciliationEnd {
  /** Which start of the machine it was, from 1. */
  readonly attempt: number;
  readonly status: 'AGREED' | 'BLOCKED' | 'UNAPPROVED' | 'FAILED';
  /** Empty where the tables agree; else what keeps traffic from going back, keys included, some of many. */
  readonly reasons: readonly string[];
  /** Rows that both sides changed since they parted, or of which nobody can tell. */
  readonly conflicts: number;
  readonly differences: number;
  readonly repaired: number;
}

/** Name of that document. */
export function endName(planId: string): string {
  return `${planId}/end.json`;
}

/** Name of the report of a plan. */
export function reportName(planId: string): string {
  return `${planId}/report.json`;
}

/** The end that a text holds; undefined where it holds none. */
export function parseEnd(text: string | undefined): ReconciliationEnd | undefined {
  if (text === undefined) return undefined;
  const end: unknown = JSON.parse(text);
  return isRecord(end) && typeof end['attempt'] === 'number' ? (end as unknown as ReconciliationEnd) : undefined;
}
