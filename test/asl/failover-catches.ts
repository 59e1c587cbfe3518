import { thrown } from '../_helpers/walk-machine.ts';
import { FAILOVER_WAY } from './good-ways.ts';
import { ABORTED, type CatchTable, DECLINED, GIVEN_UP, HELD, LOST, onward, REFUSED } from './walk-tables.ts';

const ROLLED_BACK = 'RollBack IsRolledBack NotifyFailed Fail | Boom';
const BROKEN_EARLY = { steps: { ValidateTarget: thrown('Earlier') } };
const BROKEN_LATE = { steps: { StartScaling: thrown('Earlier') } };
const before = (state: string): string => onward(FAILOVER_WAY, state);

const PLANNED = { operation: { mode: 'planned' } } as const;
const AFTER_END = {
  OperationLostError: LOST,
  NobodyWritesError: 'RollBack IsRolledBack NotifyFailed Fail | NobodyWritesError',
  'States.ALL': ABORTED,
};
const reversible = { caught: { OperationLostError: LOST, 'States.ALL': ROLLED_BACK } };
const pastReturn = { caught: { OperationLostError: LOST, 'States.ALL': HELD } };

/** Where every caught error of the failover leads. */
export const FAILOVER_CATCHES: CatchTable = {
  OpenOperation: {
    caught: {
      InvalidInputError: 'RefuseInput | InvalidInputError',
      OperationRefusedError: 'RefuseOperation | OperationRefusedError',
      'States.ALL': 'FailToOpen | Boom',
    },
  },
  NotifyStarted: { caught: { 'States.ALL': before('ValidateTarget') } },
  ValidateTarget: reversible,
  RequestApproval: {
    route: { operation: { approval: 'required' } },
    caught: {
      OperationLostError: LOST,
      ApprovalDeclinedError: `AbortUnapproved ${ABORTED}`,
      'States.Timeout': `AbortUnapproved ${ABORTED}`,
      'States.ALL': ROLLED_BACK,
    },
  },
  RecordApproval: {
    route: { operation: { approval: 'required' } },
    caught: { OperationLostError: LOST, 'States.ALL': `IsApproved ConfirmTarget ${before('FenceSource')}` },
  },
  PrepareRecords: { ...reversible, route: PLANNED },
  AwaitLag: { ...reversible, route: PLANNED },
  ConfirmTarget: { ...reversible, route: PLANNED },
  FenceSource: reversible,
  StartPromotion: reversible,
  StartScaling: pastReturn,
  ShiftTraffic: pastReturn,
  AwaitPromotion: pastReturn,
  AwaitCapacity: pastReturn,
  VerifyAnswers: pastReturn,
  WriteRecords: { caught: { OperationLostError: LOST, 'States.ALL': before('AdjustLoadBalancers') } },
  AdjustLoadBalancers: { caught: { OperationLostError: LOST, 'States.ALL': before('VerifyTraffic') } },
  VerifyTraffic: pastReturn,
  DrainConnections: { ...pastReturn, route: PLANNED },
  ValidateService: pastReturn,
  CloseOperation: pastReturn,
  NotifySucceeded: { caught: { 'States.ALL': before('Succeed') } },
  AbortUnready: {
    route: { steps: { ValidateTarget: REFUSED } },
    caught: AFTER_END,
  },
  AbortUnapproved: { route: DECLINED, caught: AFTER_END },
  NotifyAborted: {
    route: { steps: { ValidateTarget: REFUSED } },
    caught: { 'States.ALL': 'Abort | OperationAborted' },
  },
  RollBack: { route: BROKEN_EARLY, caught: { OperationLostError: LOST, 'States.ALL': HELD } },
  NotifyFailed: { route: BROKEN_EARLY, caught: { 'States.ALL': 'Fail | Earlier' } },
  HoldForOperator: { route: BROKEN_LATE, caught: { OperationLostError: LOST, 'States.ALL': GIVEN_UP } },
  RecordAnswer: { route: BROKEN_LATE, caught: { OperationLostError: LOST, 'States.ALL': `WhatNow ${GIVEN_UP}` } },
  CloseHeld: {
    route: BROKEN_LATE,
    caught: { OperationLostError: LOST, 'States.ALL': 'NotifyHeld NeedOperator | NeedsOperator' },
  },
  NotifyHeld: { route: BROKEN_LATE, caught: { 'States.ALL': 'NeedOperator | NeedsOperator' } },
};
