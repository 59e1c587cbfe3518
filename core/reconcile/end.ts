import { isRecord } from '../is-record.ts';

/** How a reconciliation ended, for whoever asked for it; lies beside its plan. */
export interface ReconciliationEnd {
  /** Which start of the machine it was, from 1. */
  readonly attempt: number;
  readonly status: 'AGREED' | 'BLOCKED' | 'UNAPPROVED' | 'FAILED';
  /** Empty where the tables agree; else what keeps traffic from going back, with counts. Goes into messages: no keys. */
  readonly reasons: readonly string[];
  /** Keys that are left to a person, some of many: for the record, and for no message, since a key may name a person. */
  readonly unresolved?: readonly UnresolvedKeys[];
  /** Rows that both sides changed since they parted, or of which nobody can tell. */
  readonly conflicts: number;
  readonly differences: number;
  readonly repaired: number;
}

/** Keys of an entity, as a person writes them. */
export interface UnresolvedKeys {
  readonly entity: string;
  readonly keys: readonly string[];
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

/** Why a start of the machine could not begin its plan, where that may pass: told once no other start could either. */
export interface FailedOpening {
  readonly attempt: number;
  readonly reason: string;
}

/** Name of that document. */
export function failedOpeningName(planId: string): string {
  return `${planId}/not-opened.json`;
}

/** The failed opening that a text holds; undefined where it holds none. */
export function parseFailedOpening(text: string | undefined): FailedOpening | undefined {
  if (text === undefined) return undefined;
  const failed: unknown = JSON.parse(text);
  return isRecord(failed) && typeof failed['reason'] === 'string' ? (failed as unknown as FailedOpening) : undefined;
}
