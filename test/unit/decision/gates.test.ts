import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { decide } from '../../../core/decision/decide.ts';
import { closedGate, eligibleTarget, GATES, type GateContext } from '../../../core/decision/gates.ts';
import { COORDINATION_SIGNAL } from '../../../core/health/signals.ts';
import { activeInput, MUMBAI, regionsOf, SINGAPORE, SYDNEY, TOKYO, testConfig } from '../../_helpers/config.ts';
import { decisionSample } from '../../_helpers/coordination-samples.ts';
import { assessmentOf, NOW } from '../../_helpers/observations.ts';
import { stateOf } from '../../_helpers/operations.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Singapore is to be left for a Tokyo that is well; every gate is open. */
function open(changes: Partial<GateContext> = {}): GateContext {
  const config = testConfig();
  return {
    config,
    state: stateOf(),
    subject: SINGAPORE,
    others: [assessmentOf(config, { subject: TOKYO })],
    raisedAtEpochMs: [],
    nowEpochMs: NOW,
    ...changes,
  };
}

const tokyoIs = (checks: Parameters<typeof assessmentOf>[1]): GateContext['others'] => [
  assessmentOf(testConfig(), { subject: TOKYO, ...checks }),
];

const CLOSED: readonly { readonly id: string; readonly context: GateContext; readonly because: string }[] = [
  {
    id: 'automation-enabled',
    context: open({ config: testConfig({ automation: { enabled: false } }) }),
    because: 'automation is disabled in the config',
  },
  {
    id: 'automation-enabled',
    context: open({ state: stateOf({ automationPaused: true }) }),
    because: 'automation is paused by an operator',
  },
  {
    id: 'no-operation-in-progress',
    context: open({ state: stateOf({ operationId: 'op-7', leaseExpiresAtEpochMs: NOW + 1 }) }),
    because: 'operation op-7 holds the application',
  },
  {
    id: 'no-operator-needed',
    context: open({ state: stateOf({ phase: 'NEEDS_OPERATOR' }) }),
    because: 'an earlier operation was left for an operator and is not settled',
  },
  {
    id: 'cool-down',
    context: open({ state: stateOf({ lastOperationEndedAtEpochMs: NOW - 10 * MINUTE }) }),
    because: 'the last operation ended less than 30 min ago, 1200 s are left',
  },
  {
    id: 'automatic-budget',
    context: open({ state: stateOf({ automaticStartsEpochMs: [NOW - 2 * 60 * MINUTE, NOW - 60 * MINUTE] }) }),
    because: '2 automatic failovers in 24 h, 2 are allowed',
  },
  {
    id: 'not-flapping',
    context: open({ raisedAtEpochMs: [NOW - 40 * MINUTE, NOW - 20 * MINUTE, NOW] }),
    because: 'the Region comes and goes: 3 times in 60 min, 3 are too many',
  },
  {
    id: 'epoch-current',
    context: open({ state: stateOf({ activeRegion: TOKYO }) }),
    because: `${SINGAPORE} is no longer the active Region, ${TOKYO} is`,
  },
  {
    id: 'target-healthy',
    context: open({ others: tokyoIs({ checks: { 'order-service': 'failed', 'cache-cluster': 'unknown' } }) }),
    because: `no target is healthy by quorum: ${TOKYO}: cache-cluster unknown; order-service failed (is failed)`,
  },
  {
    id: 'target-healthy',
    context: open({ others: tokyoIs({ signals: { [COORDINATION_SIGNAL]: 'failed' } }) }),
    because: `no target is healthy by quorum: ${TOKYO}: is failed`,
  },
  {
    id: 'target-healthy',
    context: open({ others: [] }),
    because: 'no other Region may take the traffic',
  },
];

describe('a gate', () => {
  it('is open where nothing stands in the way', () => {
    expect(closedGate(open())).toBeUndefined();
  });

  it.each(CLOSED)('$id is closed where $because', ({ id, context, because }) => {
    expect(closedGate(context)).toEqual({ id, because });
  });

  it.each(CLOSED)('$id turns an automatic failover into a review that names it ($because)', (closed) => {
    const { config, state, others } = closed.context;
    const assessment = assessmentOf(config, { all: 'failed' });
    const previous = decisionSample({ raisedAtEpochMs: closed.context.raisedAtEpochMs.slice(0, -1) });
    const decision = decide({ config, assessment, others, state, previous, nowEpochMs: NOW });
    expect(decision).toMatchObject({ outcome: 'MANUAL_REVIEW', ruleId: 'D200', closedGate: closed.id });
    expect(decision.reason).toMatch(/^complete regional failure: /);
    expect(decision.reason.endsWith(`; not started, gate ${closed.id} is closed: ${closed.because}`)).toBe(true);
  });

  it('is each tested here', () => {
    expect(GATES.map(({ id }) => id)).toEqual([...new Set(CLOSED.map(({ id }) => id))]);
  });

  it('is named in this order where several are closed', () => {
    const state = {
      automationPaused: true,
      operationId: 'op-7',
      leaseExpiresAtEpochMs: NOW + 1,
      phase: 'NEEDS_OPERATOR' as const,
      lastOperationEndedAtEpochMs: NOW,
      automaticStartsEpochMs: [NOW, NOW],
      activeRegion: TOKYO,
    };
    const flapping = [NOW, NOW, NOW];
    const cures: readonly Partial<Record<keyof typeof state | 'raisedAtEpochMs', unknown>>[] = [
      {},
      { automationPaused: false },
      { operationId: null },
      { phase: 'STEADY' },
      { lastOperationEndedAtEpochMs: null },
      { automaticStartsEpochMs: [] },
      { raisedAtEpochMs: [] },
      { activeRegion: SINGAPORE },
    ];
    const named = cures.map((_, index) => {
      const { raisedAtEpochMs = flapping, ...cured } = Object.assign({}, ...cures.slice(0, index + 1));
      return closedGate(open({ state: stateOf({ ...state, ...cured }), raisedAtEpochMs, others: [] }))?.id;
    });
    expect(named).toEqual(GATES.map(({ id }) => id));
  });
});

describe('an operation in progress', () => {
  it.each([
    { leftMs: 1, closed: true },
    { leftMs: 0, closed: false },
    { leftMs: -1, closed: false },
  ])('holds until its lease ends: $leftMs ms are left, $closed', ({ leftMs, closed }) => {
    const state = stateOf({ operationId: 'op-7', leaseExpiresAtEpochMs: NOW + leftMs });
    expect(closedGate(open({ state })) !== undefined).toBe(closed);
  });
});

describe('the cool-down', () => {
  it.each([
    { agoMs: 30 * MINUTE - 1, closed: true },
    { agoMs: 30 * MINUTE, closed: false },
    { agoMs: 30 * MINUTE + 1, closed: false },
  ])('is over exactly 30 min after the last operation: $agoMs ms, $closed', ({ agoMs, closed }) => {
    const state = stateOf({ lastOperationEndedAtEpochMs: NOW - agoMs });
    expect(closedGate(open({ state })) !== undefined).toBe(closed);
  });

  it('says the seconds that are left, rounded up', () => {
    const state = stateOf({ lastOperationEndedAtEpochMs: NOW - 30 * MINUTE + 1 });
    expect(closedGate(open({ state }))?.because).toContain('1 s are left');
  });

  it('may be none', () => {
    const config = testConfig({ automation: { coolDownMinutes: 0 } });
    expect(closedGate(open({ config, state: stateOf({ lastOperationEndedAtEpochMs: NOW }) }))).toBeUndefined();
  });
});

describe('the budget of automatic failovers', () => {
  it.each([
    { starts: 1, closed: false },
    { starts: 2, closed: true },
    { starts: 3, closed: true },
  ])('of two is spent: $closed after $starts', ({ starts, closed }) => {
    const state = stateOf({ automaticStartsEpochMs: Array.from({ length: starts }, () => NOW - MINUTE) });
    expect(closedGate(open({ state })) !== undefined).toBe(closed);
  });

  it.each([
    { agoMs: DAY - 1, closed: true },
    { agoMs: DAY, closed: false },
    { agoMs: DAY + 1, closed: false },
  ])('forgets a start after exactly 24 h: $agoMs ms, closed $closed', ({ agoMs, closed }) => {
    const state = stateOf({ automaticStartsEpochMs: [NOW - agoMs, NOW - MINUTE] });
    expect(closedGate(open({ state })) !== undefined).toBe(closed);
  });

  it('of none lets nothing start by itself', () => {
    const config = testConfig({ automation: { maxPerDay: 0 } });
    expect(closedGate(open({ config }))?.because).toBe('0 automatic failovers in 24 h, 0 are allowed');
  });
});

describe('a target', () => {
  const three = testConfig({ regions: regionsOf([SINGAPORE, TOKYO, MUMBAI]) });
  const well = (subject: string): GateContext['others'][number] => assessmentOf(three, { subject });
  const unwell = (subject: string): GateContext['others'][number] =>
    assessmentOf(three, { subject, checks: { 'database-writer': 'unknown' } });

  it('is the first in order of preference that is well', () => {
    expect(eligibleTarget(open({ config: three, others: [well(TOKYO), well(MUMBAI)] }))).toBe(TOKYO);
    expect(eligibleTarget(open({ config: three, others: [unwell(TOKYO), well(MUMBAI)] }))).toBe(MUMBAI);
    expect(eligibleTarget(open({ config: three, others: [unwell(TOKYO), unwell(MUMBAI)] }))).toBeUndefined();
  });

  it('is named whole where none is well', () => {
    const gate = closedGate(open({ config: three, others: [unwell(TOKYO), unwell(MUMBAI)] }));
    expect(gate?.because).toBe(
      `no target is healthy by quorum: ${TOKYO}: database-writer unknown; ${MUMBAI}: database-writer unknown`,
    );
  });

  it('is never the subject itself', () => {
    expect(eligibleTarget(open({ others: [assessmentOf(testConfig())] }))).toBeUndefined();
  });

  it('may be unwell in what is not critical', () => {
    expect(eligibleTarget(open({ others: tokyoIs({ checks: { 'inventory-service': 'failed' } }) }))).toBe(TOKYO);
  });

  describe('under residency', () => {
    const config: ResolvedConfig = resolveConfig(
      activeInput({
        regions: regionsOf([SINGAPORE, TOKYO, MUMBAI, SYDNEY], 'active'),
        routing: {
          policy: 'geolocation',
          locations: [{ location: '*', region: SINGAPORE }],
          residency: [[SINGAPORE, SYDNEY], [TOKYO]],
        },
      }),
    );
    const all = [SINGAPORE, TOKYO, MUMBAI, SYDNEY].map((subject) => assessmentOf(config, { subject }));
    const context = (subject: string): GateContext =>
      open({ config, subject, others: all.filter((other) => other.subject !== subject) });

    it.each([
      { subject: SINGAPORE, target: SYDNEY },
      { subject: SYDNEY, target: SINGAPORE },
      { subject: MUMBAI, target: SINGAPORE },
      { subject: TOKYO, target: undefined },
    ])('for $subject is $target: data does not leave its group', ({ subject, target }) => {
      expect(eligibleTarget(context(subject))).toBe(target);
    });

    it('does not exist for a Region that is alone in its group', () => {
      const state = stateOf({ activeRegion: TOKYO }, config);
      expect(closedGate({ ...context(TOKYO), state })?.because).toBe('no other Region may take the traffic');
    });
  });
});
