import type { OperationKind } from '../../../core/operation/request.ts';
import { createAdjustLoadBalancers } from '../../../lambdas/adjust-load-balancers/adjust-load-balancers.ts';
import { createAwaitLag } from '../../../lambdas/await-lag/await-lag.ts';
import { createCheckCapacity } from '../../../lambdas/check-capacity/check-capacity.ts';
import { createCheckParity } from '../../../lambdas/check-parity/check-parity.ts';
import { createCheckPromotion } from '../../../lambdas/check-promotion/check-promotion.ts';
import { createCheckRecords } from '../../../lambdas/check-records/check-records.ts';
import { createCheckRung } from '../../../lambdas/check-rung/check-rung.ts';
import { createCheckSwitch } from '../../../lambdas/check-switch/check-switch.ts';
import { createClimbLadder } from '../../../lambdas/climb-ladder/climb-ladder.ts';
import { createCloseOperation } from '../../../lambdas/close-operation/close-operation.ts';
import { createDrainConnections } from '../../../lambdas/drain-connections/drain-connections.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createHoldOperation } from '../../../lambdas/hold-operation/hold-operation.ts';
import { createOpenSwitch } from '../../../lambdas/open-switch/open-switch.ts';
import { createPrepareRecords } from '../../../lambdas/prepare-records/prepare-records.ts';
import { createProveRecovery } from '../../../lambdas/prove-recovery/prove-recovery.ts';
import { createReconcileData } from '../../../lambdas/reconcile-data/reconcile-data.ts';
import { createRequestApproval } from '../../../lambdas/request-approval/request-approval.ts';
import { createRetreatFailback } from '../../../lambdas/retreat-failback/retreat-failback.ts';
import { createRollBack } from '../../../lambdas/roll-back/roll-back.ts';
import { createScaleTarget } from '../../../lambdas/scale-target/scale-target.ts';
import { createShiftTraffic } from '../../../lambdas/shift-traffic/shift-traffic.ts';
import { createStartPromotion } from '../../../lambdas/start-promotion/start-promotion.ts';
import { createValidateService } from '../../../lambdas/validate-service/validate-service.ts';
import { createValidateTarget } from '../../../lambdas/validate-target/validate-target.ts';
import { createVerifyAnswers } from '../../../lambdas/verify-answers/verify-answers.ts';
import { createVerifyTraffic } from '../../../lambdas/verify-traffic/verify-traffic.ts';
import { createWriteRecords } from '../../../lambdas/write-records/write-records.ts';
import type { Step, StepInput } from '../../../state-machines/contracts.ts';
import { SINGAPORE, TOKYO } from '../coordination-samples.ts';
import type { StepWorld } from './step-world.ts';

/** One step that acts under an operation's lease: the machine it belongs to, and how it is run once. */
export interface HeldStep {
  readonly kind: OperationKind;
  readonly run: (world: StepWorld, input: StepInput) => Promise<unknown>;
}

const error = { Error: 'Boom', Cause: 'a test' };
const taskToken = 'a-token';
const rung = { next: 'rung', percent: 10, weights: { [SINGAPORE]: 10, [TOKYO]: 90 } } as const;

/** Every step but those that open an operation and that tell people about it also after its end. */
export const HELD_STEPS: Readonly<Record<Exclude<Step, 'open-operation' | 'send-notification'>, HeldStep>> = {
  'validate-target': { kind: 'failover', run: (world, input) => createValidateTarget(world.context())(input) },
  'request-approval': {
    kind: 'failover',
    run: (world, input) => createRequestApproval(world.context())({ ...input, taskToken }),
  },
  'await-lag': { kind: 'failover', run: (world, input) => createAwaitLag(world.context())(input) },
  'drain-connections': { kind: 'failover', run: (world, input) => createDrainConnections(world.context())(input) },
  'prepare-records': { kind: 'failover', run: (world, input) => createPrepareRecords(world.context())(input) },
  'fence-source': { kind: 'failover', run: (world, input) => createFenceSource(world.context())(input) },
  'start-promotion': { kind: 'failover', run: (world, input) => createStartPromotion(world.context())(input) },
  'check-promotion': { kind: 'failover', run: (world, input) => createCheckPromotion(world.context())(input) },
  'scale-target': { kind: 'failover', run: (world, input) => createScaleTarget(world.context())(input) },
  'check-capacity': { kind: 'failover', run: (world, input) => createCheckCapacity(world.context())(input) },
  'shift-traffic': { kind: 'failover', run: (world, input) => createShiftTraffic(world.context())(input) },
  'verify-answers': { kind: 'failover', run: (world, input) => createVerifyAnswers(world.context())(input) },
  'write-records': { kind: 'failover', run: (world, input) => createWriteRecords(world.context())(input) },
  'check-records': {
    kind: 'failback',
    run: (world, input) => createCheckRecords(world.context())({ ...input, records: { changeId: 'C1' } }),
  },
  'adjust-load-balancers': {
    kind: 'failover',
    run: (world, input) => createAdjustLoadBalancers(world.context())(input),
  },
  'verify-traffic': { kind: 'failover', run: (world, input) => createVerifyTraffic(world.context())(input) },
  'validate-service': { kind: 'failover', run: (world, input) => createValidateService(world.context())(input) },
  'close-operation': {
    kind: 'failover',
    run: (world, input) => createCloseOperation(world.context())({ ...input, status: 'SUCCEEDED' }),
  },
  'roll-back': { kind: 'failover', run: (world, input) => createRollBack(world.context())({ ...input, error }) },
  'hold-operation': {
    kind: 'failover',
    run: (world, input) => createHoldOperation(world.context())({ ...input, taskToken, error }),
  },
  'reconcile-data': { kind: 'failback', run: (world, input) => createReconcileData(world.context())(input) },
  'prove-recovery': { kind: 'failback', run: (world, input) => createProveRecovery(world.context())(input) },
  'check-parity': { kind: 'failback', run: (world, input) => createCheckParity(world.context())(input) },
  'open-switch': { kind: 'failback', run: (world, input) => createOpenSwitch(world.context())(input) },
  'check-switch': { kind: 'failback', run: (world, input) => createCheckSwitch(world.context())(input) },
  'climb-ladder': { kind: 'failback', run: (world, input) => createClimbLadder(world.context())(input) },
  'check-rung': {
    kind: 'failback',
    run: (world, input) => createCheckRung(world.context())({ ...input, ladder: rung }),
  },
  'retreat-failback': {
    kind: 'failback',
    run: async (world, input) => {
      await world.observe(input.operation.source);
      return createRetreatFailback(world.context())({ ...input, error });
    },
  },
};
