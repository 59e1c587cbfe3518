import { thrown } from '../_helpers/walk-machine.ts';
import { FAILOVER_WAY } from './good-ways.ts';
import {
  ABORTED,
  type ChoiceTable,
  doneAfter,
  GIVEN_UP,
  HELD,
  onward,
  REFUSED,
  RESUME,
  type Route,
} from './walk-tables.ts';

const to = (state: string): string => onward(FAILOVER_WAY, state);
const waiting = (state: string): Route => ({ steps: { [state]: doneAfter(1) } });
const once = (error: string, output: unknown) => (call: number) => (call === 1 ? thrown(error) : output);

const PLANNED: Route = { operation: { mode: 'planned' } };
const PLANNED_WAITING = (state: string): Route => ({ ...PLANNED, ...waiting(state) });
/** From the fence on, where connections are drained. */
const WITH_DRAIN = `${to('FenceSource').split(' ValidateService ')[0]} DrainConnections AreConnectionsDrained ${to('ValidateService')}`;
const CONFIRMED = `ConfirmTarget ${WITH_DRAIN}`;
const PREPARED = `AwaitLag IsLagGone ${CONFIRMED}`;
const PREPARING = `PrepareRecords AreRecordsPrepared ${PREPARED}`;

/** From the promotion on, where the shift comes after it. */
const SHIFT_LAST = `AwaitPromotion IsPromoted ShiftTraffic IsTrafficShifted IsPromotionAwaited ${to('AwaitCapacity')}`;
const SHIFT_AFTER: Route = { operation: { shiftAfterPromotion: true } };
const HELD_ONCE: Route = { steps: { VerifyTraffic: once('Boom', { done: true, waitSeconds: 0 }) } };
/** Resumed, everything is found done; the promotion has been awaited before. */
const AGAIN = `FenceSource IsSourceFenced StartPromotion StartScaling IsShiftAfterPromotion ShiftTraffic IsTrafficShifted IsPromotionAwaited ${to('AwaitCapacity')}`;

const PLANNED_AGAIN = `PrepareRecords AreRecordsPrepared AwaitLag IsLagGone ConfirmTarget ${AGAIN.split(' ValidateService ')[0]} DrainConnections AreConnectionsDrained ${to('ValidateService')}`;

/** Where every rule of every Choice of the failover leads. */
export const FAILOVER_CHOICES: ChoiceTable = {
  'WhereToBegin: $.operation.entry is resume and $.operation.mode is planned': {
    route: { operation: { entry: 'resume', mode: 'planned' } },
    path: PREPARING,
  },
  'WhereToBegin: $.operation.entry is resume': { route: { operation: { entry: 'resume' } }, path: to('FenceSource') },
  'WhereToBegin: $.operation.entry is abort': {
    route: { operation: { entry: 'abort', abortReason: 'ended by tester: no need' } },
    path: 'TakeForAborted RollBack IsRolledBack NotifyFailed Fail | AbortedByOperator',
  },
  'WhereToBegin: otherwise': { path: to('NotifyStarted') },

  'IsTargetReady: $.gate.passed is true': { path: to('IsApprovalRequired') },
  'IsTargetReady: otherwise': { route: { steps: { ValidateTarget: REFUSED } }, path: `AbortUnready ${ABORTED}` },

  'IsApprovalRequired: $.operation.approval is required': {
    route: { operation: { approval: 'required' } },
    path: `RequestApproval RecordApproval IsApproved ConfirmTarget ${to('FenceSource')}`,
  },
  'IsApprovalRequired: $.operation.mode is planned': { route: PLANNED, path: PREPARING },
  'IsApprovalRequired: otherwise': { path: to('FenceSource') },

  'IsApproved: $.answer.decision is there and $.answer.decision is approve and $.operation.mode is planned': {
    route: { operation: { approval: 'required', mode: 'planned' } },
    path: PREPARING,
  },
  'IsApproved: $.answer.decision is there and $.answer.decision is approve': {
    route: { operation: { approval: 'required' } },
    path: `ConfirmTarget ${to('FenceSource')}`,
  },
  'IsApproved: otherwise': {
    route: { operation: { approval: 'required' }, answers: { RequestApproval: { output: { decision: 'decline' } } } },
    path: `TakeForDeclined AbortUnapproved ${ABORTED}`,
  },

  'AreRecordsPrepared: $.prepared.done is true': { route: PLANNED, path: PREPARED },
  'AreRecordsPrepared: otherwise': {
    route: PLANNED_WAITING('PrepareRecords'),
    path: `WaitForOldTtl ${PREPARING}`,
  },

  'IsLagGone: $.lag.done is true': { route: PLANNED, path: CONFIRMED },
  'IsLagGone: otherwise': { route: PLANNED_WAITING('AwaitLag'), path: `WaitForLag ${PREPARED}` },

  'IsSourceFenced: $.fence.done is true': { path: to('StartPromotion') },
  'IsSourceFenced: otherwise': {
    route: waiting('FenceSource'),
    path: `WaitForWriteLease FenceSource IsSourceFenced ${to('StartPromotion')}`,
  },

  'IsShiftAfterPromotion: $.operation.shiftAfterPromotion is true': { route: SHIFT_AFTER, path: SHIFT_LAST },
  'IsShiftAfterPromotion: otherwise': { path: to('ShiftTraffic') },

  'IsTrafficShifted: $.shift.done is true': { path: to('IsPromotionAwaited') },
  'IsTrafficShifted: otherwise': {
    route: waiting('ShiftTraffic'),
    path: `WaitForTargetSwitch ShiftTraffic IsTrafficShifted ${to('IsPromotionAwaited')}`,
  },

  'IsPromotionAwaited: $.promoted is there and $.promoted.done is true': {
    route: SHIFT_AFTER,
    path: to('AwaitCapacity'),
  },
  'IsPromotionAwaited: otherwise': { path: to('AwaitPromotion') },

  'IsPromoted: $.promoted.done is true and $.shift is there and $.shift.done is true': { path: to('AwaitCapacity') },
  'IsPromoted: $.promoted.done is true': {
    route: SHIFT_AFTER,
    path: `ShiftTraffic IsTrafficShifted IsPromotionAwaited ${to('AwaitCapacity')}`,
  },
  'IsPromoted: otherwise': {
    route: waiting('AwaitPromotion'),
    path: `WaitForPromotion AwaitPromotion IsPromoted ${to('AwaitCapacity')}`,
  },

  'IsCapacityThere: $.capacity.done is true': { path: to('VerifyAnswers') },
  'IsCapacityThere: otherwise': {
    route: waiting('AwaitCapacity'),
    path: `WaitForCapacity AwaitCapacity IsCapacityThere ${to('VerifyAnswers')}`,
  },

  'HaveAnswersMoved: $.answers.done is true': { path: to('WriteRecords') },
  'HaveAnswersMoved: otherwise': {
    route: waiting('VerifyAnswers'),
    path: `WaitForAnswers VerifyAnswers HaveAnswersMoved ${to('WriteRecords')}`,
  },

  'HasTrafficArrived: $.traffic.done is true and $.operation.mode is planned': {
    route: PLANNED,
    path: `DrainConnections AreConnectionsDrained ${to('ValidateService')}`,
  },
  'HasTrafficArrived: $.traffic.done is true': { path: to('ValidateService') },
  'HasTrafficArrived: otherwise': {
    route: waiting('VerifyTraffic'),
    path: `WaitForTraffic VerifyTraffic HasTrafficArrived ${to('ValidateService')}`,
  },

  'AreConnectionsDrained: $.drained.done is true': { route: PLANNED, path: to('ValidateService') },
  'AreConnectionsDrained: otherwise': {
    route: PLANNED_WAITING('DrainConnections'),
    path: `WaitForConnections DrainConnections AreConnectionsDrained ${to('ValidateService')}`,
  },

  'IsServiceValid: $.service.done is true': { path: to('CloseOperation') },
  'IsServiceValid: otherwise': {
    route: waiting('ValidateService'),
    path: `WaitForService ValidateService IsServiceValid ${to('CloseOperation')}`,
  },

  'IsRolledBack: $.rollback.compensated is true': {
    route: { steps: { FenceSource: thrown('Boom') } },
    path: 'NotifyFailed Fail | Boom',
  },
  'IsRolledBack: otherwise': {
    route: { steps: { StartPromotion: thrown('Boom'), RollBack: { compensated: false, reason: 'it is moving' } } },
    path: HELD,
  },

  'WhatNow: $.answer.decision is there and $.answer.decision is resume and $.operation.mode is planned': {
    route: { ...PLANNED, ...HELD_ONCE, answers: { HoldForOperator: RESUME } },
    path: PLANNED_AGAIN,
  },
  'WhatNow: $.answer.decision is there and $.answer.decision is resume': {
    route: { ...HELD_ONCE, answers: { HoldForOperator: RESUME } },
    path: AGAIN,
  },
  'WhatNow: $.answer.decision is there and $.answer.decision is abort': { route: HELD_ONCE, path: GIVEN_UP },
  'WhatNow: otherwise': {
    route: { ...HELD_ONCE, answers: { HoldForOperator: [{ output: {} }, RESUME] } },
    path: `HoldForOperator RecordAnswer WhatNow ${AGAIN}`,
  },
};

/** Every loop of the failover: the Task that is asked again, and the Wait in between. */
export const FAILOVER_LOOPS: readonly (readonly [string, string])[] = [
  ['PrepareRecords', 'WaitForOldTtl'],
  ['AwaitLag', 'WaitForLag'],
  ['FenceSource', 'WaitForWriteLease'],
  ['ShiftTraffic', 'WaitForTargetSwitch'],
  ['AwaitPromotion', 'WaitForPromotion'],
  ['AwaitCapacity', 'WaitForCapacity'],
  ['VerifyAnswers', 'WaitForAnswers'],
  ['VerifyTraffic', 'WaitForTraffic'],
  ['DrainConnections', 'WaitForConnections'],
  ['ValidateService', 'WaitForService'],
];
