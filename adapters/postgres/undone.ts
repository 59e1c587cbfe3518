import type { ChangeOutcome, RowChange } from '../../core/reconcile/table.ts';

/** Changes that a transaction cannot make; it is given up, and the others are made in another one. */
export class Undone extends Error {
  readonly outcomes: ReadonlyMap<RowChange, ChangeOutcome>;

  constructor(outcomes: ReadonlyMap<RowChange, ChangeOutcome>) {
    super(`${outcomes.size} changes cannot be made`);
    this.outcomes = outcomes;
  }
}

/** A lock that not even a row was asked for with, such as that of a whole table, was not given. */
export class TableLocked extends Error {}
