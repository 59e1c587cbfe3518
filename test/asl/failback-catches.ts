import { thrown } from '../_helpers/walk-machine.ts';
import { FAILBACK_WAY } from './good-ways.ts';
import {
  ABORTED,
  type CatchTable,
  DECLINED,
  GIVEN_UP,
  HELD,
  LOST,
  onward,
  REFUSED,
  type Route,
} from './walk-tables.ts';

const RETREATED = `RetreatOnError IsRetreated CloseRetreated ${ABORTED}`;
const AFTER_RETREAT = { OperationLostError: LOST, 'States.ALL': HELD };
const AFTER_END = { OperationLostError: LOST, 'States.ALL': ABORTED };

const GATE_CLOSED: Route = { steps: { ReconcileData: REFUSED } };
const BROKEN: Route = { steps: { OpenSwitch: thrown('Earlier') } };
const BROKEN_LATE: Route = { steps: { ValidateService: thrown('Earlier') } };
const rung = (verdict: string): Route => ({
  steps: { CheckRung: { verdict, waitSeconds: 0, reasons: [`because of ${verdict}`] } },
});

const reversible = { caught: { OperationLostError: LOST, 'States.ALL': RETREATED } };
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
  ReconcileData: reversible,
  ProveRecovery: reversible,
  RequestApproval: {
    route: { operation: { approval: 'required' } },
    caught: {
      OperationLostError: LOST,
      ApprovalDeclinedError: `AbortUnapproved ${ABORTED}`,
      'States.Timeout': `AbortUnapproved ${ABORTED}`,
      'States.ALL': RETREATED,
    },
  },
  SettleRecords: reversible,
  AwaitSettledRecords: reversible,
  OpenSwitch: reversible,
  CheckSwitch: reversible,
  ClimbLadder: reversible,
  FenceWriter: reversible,
  StartSwitchover: reversible,
  AwaitSwitchover: reversible,
  SetWeights: reversible,
  AwaitRecords: reversible,
  CheckRung: reversible,
  ValidateService: pastReturn,
  CloseOperation: pastReturn,
  NotifySucceeded: { caught: { 'States.ALL': onward(FAILBACK_WAY, 'Succeed') } },
  AbortByGate: { route: GATE_CLOSED, caught: AFTER_END },
  AbortUnapproved: { route: DECLINED, caught: AFTER_END },
  EndForFailover: { route: rung('current-region-failed'), caught: AFTER_END },
  RetreatOnBreach: { route: rung('breach'), caught: AFTER_RETREAT },
  RetreatOnError: { route: BROKEN, caught: AFTER_RETREAT },
  CloseRetreated: { route: BROKEN, caught: AFTER_END },
  NotifyAborted: { route: GATE_CLOSED, caught: { 'States.ALL': 'Abort | OperationAborted' } },
  HoldForOperator: { route: BROKEN_LATE, caught: { OperationLostError: LOST, 'States.ALL': GIVEN_UP } },
  CloseHeld: {
    route: BROKEN_LATE,
    caught: { OperationLostError: LOST, 'States.ALL': 'NotifyHeld NeedOperator | NeedsOperator' },
  },
  NotifyHeld: { route: BROKEN_LATE, caught: { 'States.ALL': 'NeedOperator | NeedsOperator' } },
};
