import type { Decision } from '../../core/decision/outcome.ts';
import type { CheckState } from '../../core/health/check-state.ts';
import type { ObserverReport } from '../../core/health/report.ts';
import { initialState } from '../../core/operation/application-state.ts';
import type { OperationEvent, OperationRecord } from '../../core/operation/operation-record.ts';
import type { OperationRequest } from '../../core/operation/request.ts';
import type { ParityRecord } from '../../core/parity/parity-record.ts';
import exampleConfig from '../../switchyard.config.ts';

export const SINGAPORE = 'ap-southeast-1';
export const TOKYO = 'ap-northeast-1';
export const SEOUL = 'ap-northeast-2';
export const OSAKA = 'ap-northeast-3';

/** The moment that samples speak of. */
export const SAMPLE_TIME = Date.UTC(2026, 0, 1, 12);

/** A verdict of an observer on one check. */
export function checkSample(changes: Partial<CheckState> = {}): CheckState {
  return {
    status: 'passed',
    settled: 'passed',
    consecutiveFailures: 0,
    consecutivePasses: 3,
    answeredAtEpochMs: SAMPLE_TIME,
    sinceEpochMs: SAMPLE_TIME - 3_600_000,
    reason: '',
    ...changes,
  };
}

/** What Seoul reports about Singapore: one check, no metric. */
export function reportSample(changes: Partial<ObserverReport> = {}): ObserverReport {
  return {
    observer: SEOUL,
    subject: SINGAPORE,
    round: 1,
    reportedAtEpochMs: SAMPLE_TIME,
    checks: { 'region-connectivity': checkSample() },
    metrics: {},
    ...changes,
  };
}

/** A verdict of the table. */
export function decisionSample(changes: Partial<Decision> = {}): Decision {
  return {
    subject: SINGAPORE,
    outcome: 'NO_ACTION',
    ruleId: 'D900',
    confidence: 'HIGH',
    reason: 'all healthy',
    estimatedRtoSeconds: null,
    closedGate: null,
    toBeLeft: false,
    raisedAtEpochMs: [],
    target: null,
    decidedAtEpochMs: SAMPLE_TIME,
    epoch: 0,
    evidence: { assessedAtEpochMs: SAMPLE_TIME, checks: [], signals: [], metrics: {} },
    ...changes,
  };
}

/** A manual move from Singapore to Tokyo. */
export function requestSample(changes: Partial<OperationRequest> = {}): OperationRequest {
  return {
    application: exampleConfig.application,
    source: SINGAPORE,
    target: TOKYO,
    reason: 'a test',
    mode: 'manual',
    requestedBy: 'tester',
    approval: 'none',
    ...changes,
  };
}

/** An operation that has just been opened. */
export function recordSample(changes: Partial<OperationRecord> = {}): OperationRecord {
  const { phase, activeRegion, writerRegion, writerEpoch, weights, evacuated, heldOut } = initialState(exampleConfig);
  return {
    operationId: 'by-hand-1',
    application: exampleConfig.application,
    kind: 'failover',
    epoch: 1,
    request: requestSample(),
    status: 'RUNNING',
    openedAtEpochMs: SAMPLE_TIME,
    endedAtEpochMs: null,
    executionArn: `arn:aws:states:${TOKYO}:111122223333:execution:switchyard-storefront-failover:by-hand-1`,
    before: { phase, activeRegion, writerRegion, writerEpoch, weights, evacuated, heldOut },
    events: [],
    ...changes,
  };
}

/** A line of the log. */
export function eventSample(changes: Partial<OperationEvent> = {}): OperationEvent {
  return { atEpochMs: SAMPLE_TIME, step: 'fence-source', outcome: 'done', detail: {}, ...changes };
}

/** A comparison of Tokyo with Singapore, half way through a listing. */
export function paritySample(fields: Partial<ParityRecord> = {}): ParityRecord {
  return {
    target: TOKYO,
    source: SINGAPORE,
    triedAtEpochMs: 10,
    items: [
      { item: 'index', verdict: 'equal', reasons: [], comparedAtEpochMs: 10 },
      {
        item: 'blobs:media',
        verdict: 'different',
        reasons: ['"a" is gone'],
        comparedAtEpochMs: 5,
        notes: ['3 compared'],
      },
    ],
    unknownSince: { 'blobs:media': ['no answer'] },
    sourceRevisions: { index_hash: 'i1' },
    revisionsSeenAtEpochMs: 10,
    passes: {
      media: {
        beganAtEpochMs: 5,
        after: 'b/\u{1f600}',
        compared: 3,
        differing: 1,
        named: ['"a" is gone'],
        settling: 0,
        alone: [{ key: 'b/c d', sinceEpochMs: 1 }],
        isDone: false,
      },
    },
    alone: { media: [{ key: 'b/c d', sinceEpochMs: 1 }] },
    ...fields,
  };
}
