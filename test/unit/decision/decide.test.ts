import { describe, expect, it } from 'vitest';
import { type DecisionInput, decide } from '../../../core/decision/decide.ts';
import type { Decision } from '../../../core/decision/outcome.ts';
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
      toBeLeft: true,
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

  it('raises a Region again only after it was well: while nothing is known, it stands as before', () => {
    const verdict = (settings: AssessmentSettings, previous: Decision | undefined, nowEpochMs: number): Decision =>
      decide({ ...input(settings), previous, nowEpochMs });
    const left = verdict({ all: 'failed' }, undefined, NOW);
    const unknown = verdict({ all: 'unknown' }, left, NOW + 1);
    const again = verdict({ all: 'failed' }, unknown, NOW + 2);
    expect([left, unknown, again].map(({ toBeLeft }) => toBeLeft)).toEqual([true, true, true]);
    expect(again.raisedAtEpochMs).toEqual([NOW]);
    const well = verdict({}, again, NOW + 3);
    expect(verdict({ all: 'failed' }, well, NOW + 4).raisedAtEpochMs).toEqual([NOW, NOW + 4]);
    const partly = { checks: { 'order-service': 3, 'payment-service': 3 } };
    expect(verdict(partly, well, NOW + 4)).toMatchObject({ ruleId: 'D300', toBeLeft: false, raisedAtEpochMs: [NOW] });
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
