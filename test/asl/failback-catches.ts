import { thrown } from '../_helpers/walk-machine.ts';
import { CONFIRMED } from './failback-choices.ts';
import { FAILBACK_WAY } from './good-ways.ts';
import {
  ABORTED,
  type CatchTable,
  DECLINED,
  GIVEN_UP,
  HELD_BACK as HELD,
  LOST,
  onward,
  REFUSED,
  type Route,
} from './walk-tables.ts';

const RETREATED = `RetreatOnError IsRetreated CloseRetreated ${ABORTED}`;
const OUT_OF_THE_WAY = `EndForFailover ${ABORTED}`;
const AFTER_RETREAT = { OperationLostError: LOST, CurrentRegionFailedError: OUT_OF_THE_WAY, 'States.ALL': HELD };
const AFTER_END = { OperationLostError: LOST, 'States.ALL': ABORTED };
/** A closed gate of a failback that found nobody who may write. */
const AFTER_GATE = { ...AFTER_END, NobodyWritesError: RETREATED };

const GATE_CLOSED: Route = { steps: { ReconcileData: REFUSED } };
const BROKEN: Route = { steps: { OpenSwitch: thrown('Earlier') } };
const BROKEN_LATE: Route = { steps: { ValidateService: thrown('Earlier') } };
const BREACH: Route = { steps: { CheckRung: { verdict: 'breach', waitSeconds: 0, reasons: ['too many errors'] } } };
const CURRENT_FAILED: Route = { steps: { CheckRung: thrown('CurrentRegionFailedError') } };

/** Given up with the writer in the returning Region. */
const STAYS: Route = {
  steps: {
    ...BROKEN_LATE.steps,
    RetreatOnAbort: { compensated: false, moveWriterBack: false, reason: 'the data writer has left' },
  },
};

const MOVED: Route = {
  steps: {
    ...BREACH.steps,
    RetreatOnBreach: { compensated: false, moveWriterBack: true, reason: 'errors 5.0 %' },
    GiveUpMoveBack: { compensated: false, moveWriterBack: false, reason: 'it stays' },
  },
};
const GIVEN_BACK = `GiveUpMoveBack IsRetreated ExplainHold ${HELD}`;

const reversible = { caught: { OperationLostError: LOST, 'States.ALL': RETREATED } };
const watching = {
  caught: { OperationLostError: LOST, CurrentRegionFailedError: OUT_OF_THE_WAY, 'States.ALL': RETREATED },
};
const pastReturn = { caught: { OperationLostError: LOST, 'States.ALL': HELD } };

/** Where every caught error of the failback leads. */
export const FAILBACK_CATCHES: CatchTable = {
  OpenOperation: {
    caught: {
      InvalidInputError: 'RefuseInput | InvalidInputError',
      OperationRefusedError: 'RefuseOperation | OperationRefusedError',
      'States.ALL': 'FailToOpen | Boom',
    },
  },
  NotifyStarted: { caught: { 'States.ALL': onward(FAILBACK_WAY, 'ReconcileData') } },
  ReconcileData: watching,
  ProveRecovery: reversible,
  CheckParity: reversible,
  RequestApproval: {
    route: { operation: { approval: 'required' } },
    caught: {
      OperationLostError: LOST,
      ApprovalDeclinedError: `AbortUnapproved ${ABORTED}`,
      'States.Timeout': `AbortUnapproved ${ABORTED}`,
      'States.ALL': RETREATED,
    },
  },
  RecordApproval: {
    route: { operation: { approval: 'required' } },
    caught: { OperationLostError: LOST, 'States.ALL': `IsApproved ${CONFIRMED}` },
  },
  SettleRecords: reversible,
  AwaitSettledRecords: watching,
  PrepareLoadBalancers: { caught: { OperationLostError: LOST, 'States.ALL': onward(FAILBACK_WAY, 'OpenSwitch') } },
  OpenSwitch: reversible,
  CheckSwitch: watching,
  ClimbLadder: watching,
  FenceWriter: reversible,
  StartSwitchover: reversible,
  AwaitSwitchover: reversible,
  SetWeights: reversible,
  AwaitRecords: watching,
  CheckRung: watching,
  AdjustLoadBalancers: { caught: { OperationLostError: LOST, 'States.ALL': onward(FAILBACK_WAY, 'ValidateService') } },
  ValidateService: pastReturn,
  CloseOperation: pastReturn,
  NotifySucceeded: { caught: { 'States.ALL': onward(FAILBACK_WAY, 'Succeed') } },
  AbortByGate: { route: GATE_CLOSED, caught: AFTER_GATE },
  AbortUnapproved: { route: DECLINED, caught: AFTER_GATE },
  EndForFailover: { route: CURRENT_FAILED, caught: { ...AFTER_END, NobodyWritesError: HELD } },
  RetreatOnBreach: { route: BREACH, caught: AFTER_RETREAT },
  RetreatOnError: { route: BROKEN, caught: AFTER_RETREAT },
  FenceReturned: { route: MOVED, caught: { OperationLostError: LOST, 'States.ALL': GIVEN_BACK } },
  StartMoveBack: { route: MOVED, caught: { OperationLostError: LOST, 'States.ALL': GIVEN_BACK } },
  AwaitMoveBack: {
    route: MOVED,
    caught: { OperationLostError: LOST, 'States.ALL': GIVEN_BACK },
  },
  GiveUpMoveBack: {
    route: { steps: { ...MOVED.steps, FenceReturned: thrown('Earlier') } },
    caught: { OperationLostError: LOST, 'States.ALL': HELD },
  },
  CloseRetreated: { route: BROKEN, caught: AFTER_END },
  NotifyAborted: { route: GATE_CLOSED, caught: { 'States.ALL': 'Abort | OperationAborted' } },
  HoldForOperator: { route: BROKEN_LATE, caught: { OperationLostError: LOST, 'States.ALL': GIVEN_UP } },
  RecordAnswer: {
    route: BROKEN_LATE,
    caught: { OperationLostError: LOST, 'States.ALL': HELD.slice(HELD.indexOf('WhatNow')) },
  },
  RetreatOnAbort: {
    route: BROKEN_LATE,
    caught: {
      OperationLostError: LOST,
      CurrentRegionFailedError: `EndHeldForFailover ${ABORTED}`,
      'States.ALL': GIVEN_UP,
    },
  },
  EndHeldForFailover: {
    route: { steps: { ...BROKEN_LATE.steps, RetreatOnAbort: thrown('CurrentRegionFailedError') } },
    caught: { ...AFTER_END, NobodyWritesError: GIVEN_UP },
  },
  CloseHeld: {
    route: STAYS,
    caught: { OperationLostError: LOST, 'States.ALL': 'NotifyHeld NeedOperator | NeedsOperator' },
  },
  NotifyHeld: { route: STAYS, caught: { 'States.ALL': 'NeedOperator | NeedsOperator' } },
};
