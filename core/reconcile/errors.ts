import { type ErrorDetails, SwitchyardError } from '../errors.ts';

/** Names of the errors of a reconciliation; the machine catches them by these names, and retries the first. */
export const RECONCILE_ERROR_NAMES = [
  /** A store or the network failed in a way that may pass. */
  'TransientStoreError',
  /** A store answers and refuses: credentials, permissions, a table that is not there, a type that cannot be compared. */
  'StoreRefusedError',
  /** The two tables have not the same columns or key; every difference is in the message. */
  'SchemaDriftError',
  /** The plan is not there, is unfinished, is not the one that was approved, or was made with another config. */
  'PlanRefusedError',
] as const;
export type ReconcileErrorName = (typeof RECONCILE_ERROR_NAMES)[number];

/** An error of a reconciliation. Nothing that was done before it is undone: the same call goes on from there. */
export class ReconcileError extends SwitchyardError {
  override readonly name: ReconcileErrorName;

  constructor(name: ReconcileErrorName, message: string, details: Partial<ErrorDetails> = {}) {
    super(message, { code: CODES[name], source: 'platform', retryable: name === 'TransientStoreError', ...details });
    this.name = name;
  }
}

const CODES: Readonly<Record<ReconcileErrorName, string>> = {
  TransientStoreError: 'TRANSIENT_STORE',
  StoreRefusedError: 'STORE_REFUSED',
  SchemaDriftError: 'SCHEMA_DRIFT',
  PlanRefusedError: 'PLAN_REFUSED',
};
