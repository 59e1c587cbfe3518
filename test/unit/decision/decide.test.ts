import { describe, expect, it } from 'vitest';
import { type DecisionInput, decide } from '../../../core/decision/decide.ts';
import { SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';
import { type AssessmentSettings, assessmentOf, NOW } from '../../_helpers/observations.ts';
import { stateOf } from '../../_helpers/operations.ts';

function input(settings: AssessmentSettings, target: AssessmentSettings = {}): DecisionInput {
  const config = testConfig();
  return {
    config,
    assessment: assessmentOf(config, settings),
    others: [assessmentOf(config, { subject: TOKYO, ...target })],
    state: stateOf({ epoch: 7 }),
    previous: undefined,
    nowEpochMs: NOW,
  };
}

describe('a decision', () => {
  it('to leave names the row, the target, the epoch it was taken under and all it rests on', () => {
    const given = input({ all: 'failed', metrics: { 'error-rate': 0.5 } });
    const { assessment } = given;
    expect(decide(given)).toEqual({
      subject: SINGAPORE,
      outcome: 'AUTOMATIC_FAILOVER',
      ruleId: 'D200',
      confidence: 'HIGH',
      reason: expect.stringMatching(/^complete regional failure: [^;]*$/),
      estimatedRtoSeconds: 300,
      closedGate: null,
      raisedAtEpochMs: [NOW],
      target: TOKYO,
      decidedAtEpochMs: NOW,
      epoch: 7,
      evidence: {
        assessedAtEpochMs: NOW,
        checks: assessment.checks,
        signals: assessment.signals,
        metrics: assessment.metrics,
      },
    });
  });

  it.each([
    { what: 'D100', settings: { all: 'unknown' as const }, outcome: 'NO_ACTION' },
    { what: 'D300', settings: { checks: { 'order-service': 3, 'payment-service': 3 } }, outcome: 'MANUAL_REVIEW' },
    { what: 'D900', settings: {}, outcome: 'NO_ACTION' },
  ])('by $what starts nothing, so it names no target, no gate and no estimate', ({ what, settings, outcome }) => {
    expect(decide(input(settings))).toMatchObject({
      ruleId: what,
      outcome,
      target: null,
      closedGate: null,
      estimatedRtoSeconds: null,
    });
  });

  it('asks no gate where nothing would start', () => {
    const given = input({});
    const closed = { ...given, state: stateOf({ automationPaused: true, phase: 'NEEDS_OPERATOR' }) };
    expect(decide(closed).reason).toBe('all healthy');
  });

  it('that a gate stopped still names the target that would qualify', () => {
    const given = { ...input({ all: 'failed' }), state: stateOf({ automationPaused: true }) };
    expect(decide(given)).toMatchObject({ outcome: 'MANUAL_REVIEW', target: TOKYO, estimatedRtoSeconds: 300 });
  });

  it('names no target where none qualifies', () => {
    expect(decide(input({ all: 'failed' }, { all: 'unknown' }))).toMatchObject({
      outcome: 'MANUAL_REVIEW',
      closedGate: 'target-healthy',
      target: null,
    });
  });
});
