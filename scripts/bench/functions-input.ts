import { homeRegion } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { type ApplicationState, initialState } from '../../core/operation/application-state.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { FunctionName } from '../../lib/functions.ts';
import type { OpenedOperation } from '../../state-machines/contracts.ts';

const HOUR_MS = 3_600_000;

/** An operation under way: its state and its record as the table holds them, and how a machine carries it. */
export interface OperationUnderWay {
  readonly operation: OpenedOperation;
  readonly state: ApplicationState;
  readonly record: OperationRecord;
}

/** A failover that has just been opened. */
export function openedOperation(config: ResolvedConfig, nowEpochMs: number): OperationUnderWay {
  const before = initialState(config);
  const source = homeRegion(config).id;
  const target = config.regions.find(({ id }) => id !== source)?.id ?? source;
  const how = { mode: 'emergency', approval: 'none' } as const;
  const request = { application: config.application, source, target, ...how, requestedBy: 'bench', reason: 'bench' };
  const executionArn = 'arn:aws:states:ap-northeast-1:111122223333:execution:bench:bench-1';
  const identity = { operationId: 'bench-1', epoch: 1, kind: 'failover', application: config.application } as const;
  return {
    operation: {
      ...identity,
      source,
      target,
      ...how,
      approvalTimeoutSeconds: 900,
      shiftAfterPromotion: false,
      executionArn,
      entry: 'start',
      abortReason: '',
    },
    state: {
      ...before,
      epoch: identity.epoch,
      phase: 'FAILING_OVER',
      operationId: identity.operationId,
      leaseExpiresAtEpochMs: nowEpochMs + HOUR_MS,
    },
    record: {
      ...identity,
      request,
      status: 'RUNNING',
      openedAtEpochMs: nowEpochMs,
      endedAtEpochMs: null,
      executionArn,
      before,
      events: [],
    },
  };
}

/** What a function is called with, as its machine, its schedule or CloudFormation would. */
export function inputOf(name: FunctionName, { operation, record }: OperationUnderWay, url: string): unknown {
  const weights = record.before.weights;
  switch (name) {
    case 'open-operation':
      return { kind: 'failover', request: record.request, executionName: 'bench-1', executionArn: record.executionArn };
    case 'send-notification':
      return { operation, event: 'started' };
    case 'request-approval':
    case 'hold-operation':
      return { operation, taskToken: 'token' };
    case 'roll-back':
    case 'retreat-failback':
      return { operation, error: { Error: 'SwitchFailedError', Cause: '{"errorMessage":"bench"}' } };
    case 'check-records':
      return { operation, records: { changeId: null } };
    case 'close-operation':
      return { operation, status: 'SUCCEEDED' };
    case 'check-rung':
      return { operation, ladder: { next: 'rung', percent: 10, weights } };
    case 'ensure-weights':
    case 'await-switches':
    case 'guard-deployment':
      return {
        RequestType: 'Create',
        ResponseURL: `${url}/answer`,
        StackId: 'stack',
        RequestId: 'request',
        LogicalResourceId: 'Resource',
        ResourceProperties: {},
      };
    case 'record-end':
      return { detail: { executionArn: operation.executionArn, name: 'bench', status: 'ABORTED', stopDate: 1 } };
    case 'observe-regions':
    case 'reconcile-records':
    case 'compare-regions':
      return {};
    default:
      return { operation };
  }
}
