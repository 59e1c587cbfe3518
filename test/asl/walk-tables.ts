import type { Walk } from '../_helpers/walk-machine.ts';

/** What it takes to come to a state: failures before it, an approval that is asked for. */
export type Route = Omit<Walk, 'machine'>;

/**
 * Where every caught error leads, by state and error: the states that are entered after it and, behind a bar, how the
 * execution ends. A person who is asked gives up unless a row says otherwise.
 */
export type CatchTable = Readonly<
  Record<string, { readonly route?: Route; readonly caught: Readonly<Record<string, string>> }>
>;

/** Where every rule of every Choice leads, in the same form, by `state: rule`. */
export type ChoiceTable = Readonly<Record<string, { readonly route?: Route; readonly path: string }>>;

/** The end of a list of states, from a state on, as a path. */
export function onward(good: readonly string[], from: string): string {
  const index = good.indexOf(from);
  if (index === -1) throw new Error(`the good way does not come by ${from}`);
  return `${good.slice(index).join(' ')} | SUCCEEDED`;
}

export const LOST = 'LoseOperation | OperationLostError';
export const GIVEN_UP = 'CloseHeld NotifyHeld NeedOperator | NeedsOperator';
export const HELD = `HoldForOperator RecordAnswer WhatNow ${GIVEN_UP}`;
/** The answers of a held failback: who gives up has the traffic put back first. */
export const HELD_BACK =
  'HoldForOperator RecordAnswer WhatNow RetreatOnAbort IsGivenUp CloseRetreated NotifyAborted Abort | OperationAborted';
export const ABORTED = 'NotifyAborted Abort | OperationAborted';

export const DECLINED: Route = {
  operation: { approval: 'required' },
  answers: { RequestApproval: { error: 'ApprovalDeclinedError' } },
};
export const REFUSED = { done: true, waitSeconds: 0, passed: false, reasons: ['not ready'] };
export const NOT_YET = { done: false, waitSeconds: 2 };
export const RESUME = { output: { decision: 'resume', by: 'tester' } };

/** Not yet for so many times, then done. */
export function doneAfter(times: number): (call: number) => unknown {
  return (call) => (call <= times ? NOT_YET : { done: true, waitSeconds: 0 });
}
