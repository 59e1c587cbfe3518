import { thrown } from '../_helpers/walk-machine.ts';
import { FAILBACK_WAY } from './good-ways.ts';
import {
  ABORTED,
  type ChoiceTable,
  doneAfter,
  GIVEN_UP,
  HELD_BACK as HELD,
  onward,
  REFUSED,
  RESUME,
  type Route,
} from './walk-tables.ts';

const to = (state: string): string => onward(FAILBACK_WAY, state);
/** The good way from the second time that it comes by a state. */
const toSecond = (state: string): string => onward(FAILBACK_WAY.slice(FAILBACK_WAY.indexOf(state) + 1), state);
const waiting = (state: string): Route => ({ steps: { [state]: doneAfter(1) } });
const once = (error: string, output: unknown) => (call: number) => (call === 1 ? thrown(error) : output);

const BAKED = { verdict: 'baked', waitSeconds: 0, reasons: [] };
const rung = (first: object): Route => ({
  steps: {
    CheckRung: (call: number) => (call === 1 ? { waitSeconds: 60, reasons: ['errors 5.0 %'], ...first } : BAKED),
  },
});
const RETREATED = `CloseRetreated ${ABORTED}`;
/** A breach once the writer has moved. */
export const MOVED: Route = {
  steps: {
    ...rung({ verdict: 'breach' }).steps,
    RetreatOnBreach: { compensated: false, moveWriterBack: true, reason: 'errors 5.0 %' },
  },
};
const MOVE_BACK = `FenceReturned IsReturnedFenced StartMoveBack AwaitMoveBack IsMovedBack TakeForMovedBack RetreatOnError IsRetreated ${RETREATED}`;
/** A path from behind the first time that it comes by a state. */
const afterState = (path: string, state: string): string => path.slice(path.indexOf(state) + state.length + 1);
/** The gates once more, behind an approval that nobody is asked for again. */
export const CONFIRMED = `ReconcileData IsDataReconciled ProveRecovery IsRecoveryProven CheckParity IsParityThere IsApprovalRequired ${to('SettleRecords')}`;
const APPROVAL = { approval: 'required' } as const;
const HELD_ONCE: Route = { steps: { ValidateService: once('Boom', { done: true, waitSeconds: 0 }) } };
/** Resumed, the records and the switch are looked at again, and the ladder has nothing left to climb. */
const AGAIN = `SettleRecords AwaitSettledRecords AreRecordsSettled PrepareLoadBalancers OpenSwitch CheckSwitch IsSwitchOpen ClimbLadder WhichStep ${to('AdjustLoadBalancers')}`;

/** Where every rule of every Choice of the failback leads. */
export const FAILBACK_CHOICES: ChoiceTable = {
  'WhereToBegin: $.operation.entry is resume': { route: { operation: { entry: 'resume' } }, path: to('SettleRecords') },
  'WhereToBegin: $.operation.entry is abort': {
    route: { operation: { entry: 'abort', abortReason: 'ended by tester: no need' } },
    path: `TakeForAborted RetreatOnError IsRetreated CloseRetreated ${ABORTED}`,
  },
  'WhereToBegin: otherwise': { path: to('NotifyStarted') },

  'IsDataReconciled: $.gate.done is false': {
    route: {
      steps: { ReconcileData: (call: number) => ({ done: call > 1, waitSeconds: 10, passed: call > 1, reasons: [] }) },
    },
    path: `WaitForReconciliation ReconcileData IsDataReconciled ${to('ProveRecovery')}`,
  },
  'IsDataReconciled: $.gate.passed is true': { path: to('ProveRecovery') },
  'IsDataReconciled: otherwise': { route: { steps: { ReconcileData: REFUSED } }, path: `AbortByGate ${ABORTED}` },

  'IsRecoveryProven: $.gate.passed is true': { path: to('CheckParity') },
  'IsRecoveryProven: otherwise': { route: { steps: { ProveRecovery: REFUSED } }, path: `AbortByGate ${ABORTED}` },

  'IsParityThere: $.gate.passed is true': { path: to('IsApprovalRequired') },
  'IsParityThere: otherwise': { route: { steps: { CheckParity: REFUSED } }, path: `AbortByGate ${ABORTED}` },

  'IsApprovalRequired: $.operation.approval is required': {
    route: { operation: APPROVAL },
    path: `RequestApproval RecordApproval IsApproved ${CONFIRMED}`,
  },
  'IsApprovalRequired: $.answer.decision is there and $.answer.decision is approve': {
    // The second time that it comes by.
    route: { operation: APPROVAL },
    path: `RequestApproval RecordApproval IsApproved ${CONFIRMED}`,
  },
  'IsApprovalRequired: otherwise': { path: to('SettleRecords') },

  'IsApproved: $.answer.decision is there and $.answer.decision is approve': {
    route: { operation: APPROVAL },
    path: CONFIRMED,
  },
  'IsApproved: otherwise': {
    route: { operation: APPROVAL, answers: { RequestApproval: { output: { decision: 'decline' } } } },
    path: `TakeForDeclined AbortUnapproved ${ABORTED}`,
  },

  'AreRecordsSettled: $.settled.done is true': { path: to('PrepareLoadBalancers') },
  'AreRecordsSettled: otherwise': {
    route: waiting('AwaitSettledRecords'),
    path: `WaitForSettledRecords AwaitSettledRecords AreRecordsSettled ${to('PrepareLoadBalancers')}`,
  },

  'IsSwitchOpen: $.switch.done is true': { path: to('ClimbLadder') },
  'IsSwitchOpen: otherwise': {
    route: waiting('CheckSwitch'),
    path: `WaitForSwitch CheckSwitch IsSwitchOpen ${to('ClimbLadder')}`,
  },

  'WhichStep: $.ladder.step.next is rung': { path: to('SetWeights') },
  'WhichStep: $.ladder.step.next is move-writer': {
    route: { steps: { ClimbLadder: (call: number) => ({ next: call === 1 ? 'move-writer' : 'complete' }) } },
    path: `FenceWriter IsWriterFenced StartSwitchover AwaitSwitchover IsSwitchedOver ClimbLadder WhichStep ${to('AdjustLoadBalancers')}`,
  },
  'WhichStep: $.ladder.step.next is wait': {
    route: {
      steps: {
        ClimbLadder: (call: number) => (call === 1 ? { next: 'wait', waitSeconds: 60 } : { next: 'complete' }),
      },
    },
    path: `WaitForWarmth ClimbLadder WhichStep ${to('AdjustLoadBalancers')}`,
  },
  'WhichStep: otherwise': { route: { steps: { ClimbLadder: { next: 'complete' } } }, path: to('AdjustLoadBalancers') },

  'IsWriterFenced: $.fence.done is true': { path: to('StartSwitchover') },
  'IsWriterFenced: otherwise': {
    route: waiting('FenceWriter'),
    path: `WaitForWriteLease FenceWriter IsWriterFenced ${to('StartSwitchover')}`,
  },

  'IsSwitchedOver: $.promoted.done is true': {
    path: `ClimbLadder WhichStep ${toSecond('SetWeights')}`,
  },
  'IsSwitchedOver: otherwise': {
    route: waiting('AwaitSwitchover'),
    path: `WaitForSwitchover AwaitSwitchover IsSwitchedOver ClimbLadder WhichStep ${toSecond('SetWeights')}`,
  },

  'HaveCachesFollowed: $.settled.done is true': { path: to('CheckRung') },
  'HaveCachesFollowed: otherwise': {
    route: waiting('AwaitRecords'),
    path: `WaitForCaches AwaitRecords HaveCachesFollowed ${to('CheckRung')}`,
  },

  'IsRungBaked: $.rung.verdict is baked': { path: `ClimbLadder WhichStep ${to('FenceWriter')}` },
  'IsRungBaked: $.rung.verdict is keep-watching': {
    route: rung({ verdict: 'keep-watching' }),
    path: `WaitForNextLook CheckRung IsRungBaked ClimbLadder WhichStep ${to('FenceWriter')}`,
  },
  'IsRungBaked: otherwise': {
    route: rung({ verdict: 'breach' }),
    path: `RetreatOnBreach IsRetreated ${RETREATED}`,
  },

  'IsServiceValid: $.service.done is true': { path: to('CloseOperation') },
  'IsServiceValid: otherwise': {
    route: waiting('ValidateService'),
    path: `WaitForService ValidateService IsServiceValid ${to('CloseOperation')}`,
  },

  'IsRetreated: $.retreat.compensated is true': { route: rung({ verdict: 'breach' }), path: RETREATED },
  'IsRetreated: otherwise': {
    route: {
      steps: {
        ...rung({ verdict: 'breach' }).steps,
        RetreatOnBreach: { compensated: false, moveWriterBack: false, reason: 'it is moving' },
      },
    },
    path: `ExplainHold ${HELD}`,
  },
  'IsRetreated: $.retreat.moveWriterBack is true': { route: MOVED, path: MOVE_BACK },

  'IsReturnedFenced: $.fence.done is true': { route: MOVED, path: afterState(MOVE_BACK, 'IsReturnedFenced') },
  'IsReturnedFenced: otherwise': {
    route: { steps: { ...MOVED.steps, FenceReturned: doneAfter(1) } },
    path: `WaitForReturnedLease ${MOVE_BACK}`,
  },
  'IsMovedBack: $.promoted.done is true': { route: MOVED, path: afterState(MOVE_BACK, 'IsMovedBack') },
  'IsMovedBack: otherwise': {
    route: { steps: { ...MOVED.steps, AwaitMoveBack: doneAfter(1) } },
    path: `WaitForMoveBack ${MOVE_BACK.slice(MOVE_BACK.indexOf('AwaitMoveBack'))}`,
  },

  'WhatNow: $.answer.decision is there and $.answer.decision is resume and $.way.retreating is there and $.way.retreating is true':
    {
      route: {
        steps: { ...HELD_ONCE.steps, RecordAnswer: { retreating: true } },
        answers: { HoldForOperator: RESUME },
      },
      path: `RetreatOnError IsRetreated ${RETREATED}`,
    },
  'WhatNow: $.answer.decision is there and $.answer.decision is resume': {
    route: { ...HELD_ONCE, answers: { HoldForOperator: RESUME } },
    path: AGAIN,
  },
  'WhatNow: $.answer.decision is there and $.answer.decision is abort': {
    route: HELD_ONCE,
    path: `RetreatOnAbort IsGivenUp ${RETREATED}`,
  },
  'WhatNow: otherwise': {
    route: { ...HELD_ONCE, answers: { HoldForOperator: [{ output: {} }, RESUME] } },
    path: `HoldForOperator RecordAnswer WhatNow ${AGAIN}`,
  },

  'IsGivenUp: $.retreat.compensated is true': { route: HELD_ONCE, path: RETREATED },
  'IsGivenUp: otherwise': {
    route: {
      steps: {
        ...HELD_ONCE.steps,
        RetreatOnAbort: { compensated: false, moveWriterBack: false, reason: 'the data writer has left' },
      },
    },
    path: `ExplainGivenUp ${GIVEN_UP}`,
  },
};

/** Every loop of the failback: the Task that is asked again, and the Wait in between. */
export const FAILBACK_LOOPS: readonly (readonly [string, string])[] = [
  ['AwaitSettledRecords', 'WaitForSettledRecords'],
  ['CheckSwitch', 'WaitForSwitch'],
  ['FenceWriter', 'WaitForWriteLease'],
  ['AwaitSwitchover', 'WaitForSwitchover'],
  ['AwaitRecords', 'WaitForCaches'],
  ['ValidateService', 'WaitForService'],
];

/** Those of a writer that is moved back after a breach. */
export const MOVE_BACK_LOOPS: readonly (readonly [string, string])[] = [
  ['FenceReturned', 'WaitForReturnedLease'],
  ['AwaitMoveBack', 'WaitForMoveBack'],
];
