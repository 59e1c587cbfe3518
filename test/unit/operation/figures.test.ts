import { describe, expect, it } from 'vitest';
import { unitOf } from '../../../core/counters.ts';
import { figuresOf, outageBeganAt } from '../../../core/operation/figures.ts';
import { OPERATION_METRICS, operationMetrics, phaseMetric } from '../../../core/operation/operation-metrics.ts';
import type { OperationEvent, OperationRecord } from '../../../core/operation/operation-record.ts';
import { PHASES } from '../../../core/operation/phases.ts';
import { testConfig } from '../../_helpers/config.ts';
import { decisionSample } from '../../_helpers/coordination-samples.ts';
import { assessmentOf } from '../../_helpers/observations.ts';
import { eventOf, recordOf, requestOf } from '../../_helpers/operations.ts';

const config = testConfig();
/** When the operation was opened, epoch ms. */
const OPENED = 1_800_000_000_000;
const at = (seconds: number): number => OPENED + seconds * 1000;

/** The verdict of two checks: one failed for three probes of 10 s, one for two of 30 s. */
const decision = decisionSample({
  evidence: {
    ...assessmentOf(config, {
      all: 'passed',
      checks: { 'region-connectivity': 3, 'order-service': 2, 'error-rate': 9 },
    }),
    assessedAtEpochMs: at(-2),
  },
});

const WAY: readonly OperationEvent[] = [
  eventOf('open-operation', 'done', at(0), { decision }),
  eventOf('validate-target', 'done', at(2), { lagSeconds: 0.4 }),
  eventOf('fence-source', 'done', at(3)),
  eventOf('start-promotion', 'requested', at(4), { mode: 'failover' }),
  eventOf('scale-target', 'skipped', at(5)),
  eventOf('shift-traffic', 'done', at(6)),
  eventOf('check-promotion', 'done', at(50)),
  eventOf('verify-answers', 'done', at(60)),
  eventOf('verify-traffic', 'done', at(120)),
];

function automatic(changes: Partial<OperationRecord> = {}): OperationRecord {
  const request = requestOf({ mode: 'automatic', requestedBy: 'automatic', reason: 'D200' });
  return recordOf({ request, openedAtEpochMs: OPENED, events: WAY, ...changes });
}

describe('the figures of an operation', () => {
  it('are those of its record, the outage counted back from the verdict by its failed probes', () => {
    expect(outageBeganAt(config, automatic())).toBe(at(-32));
    expect(figuresOf(config, automatic(), at(125))).toEqual({
      kind: 'failover',
      automatic: true,
      durationSeconds: 125,
      rtoSeconds: 152,
      rpoSeconds: 0.4,
      phases: { detect: 30, decide: 2, validate: 2, fence: 1, promote: 46, shift: 1, answers: 54, traffic: 60 },
    });
  });

  it('count from the opening where a person asked', () => {
    const request = requestOf({ mode: 'manual' });
    const figures = figuresOf(config, automatic({ request }), at(125));
    expect(figures).toMatchObject({ automatic: false, rtoSeconds: 120 });
    expect(figures?.phases).not.toHaveProperty('detect');
  });

  it.each([
    ['nothing by a switchover', 'switchover', 0],
    ['what was measured by a failover', 'failover', 0.4],
    ['nothing known where nothing was promoted', 'none', undefined],
  ])('lose %s', (_, mode, rpoSeconds) => {
    const events = WAY.map((event) => (event.step === 'start-promotion' ? { ...event, detail: { mode } } : event));
    expect(figuresOf(config, automatic({ events }), at(125))?.rpoSeconds).toBe(rpoSeconds);
  });

  it('do not call a lag that nobody measured zero', () => {
    const events = WAY.map((event) => (event.step === 'validate-target' ? { ...event, detail: {} } : event));
    expect(figuresOf(config, automatic({ events }), at(125))).not.toHaveProperty('rpoSeconds');
  });

  it('have no RTO where traffic was never seen to arrive', () => {
    expect(figuresOf(config, automatic({ events: WAY.slice(0, -1) }), at(125))).not.toHaveProperty('rtoSeconds');
  });

  it('are none where a gate refused and nothing was changed', () => {
    const events = [WAY[0] as OperationEvent, eventOf('validate-target', 'refused', at(2))];
    expect(figuresOf(config, automatic({ events }), at(3))).toBeUndefined();
  });
});

describe('the metrics of an operation', () => {
  const published = (record: OperationRecord, seconds: number): Readonly<Record<string, number>> => {
    const figures = figuresOf(config, record, at(seconds));
    return figures === undefined ? {} : operationMetrics(figures);
  };

  it('of an automatic failover are these', () => {
    expect(published(automatic(), 125)).toEqual({
      'failover.events.total': 1,
      'failover.events.automatic': 1,
      'failover.duration.seconds': 125,
      'failover.rto.actual': 152,
      'failover.rpo.actual': 0.4,
      'failover.phase.detect.seconds': 30,
      'failover.phase.decide.seconds': 2,
      'failover.phase.validate.seconds': 2,
      'failover.phase.fence.seconds': 1,
      'failover.phase.promote.seconds': 46,
      'failover.phase.shift.seconds': 1,
      'failover.phase.answers.seconds': 54,
      'failover.phase.traffic.seconds': 60,
    });
  });

  it('of one that a person started say so', () => {
    const metrics = published(automatic({ request: requestOf({ mode: 'emergency' }) }), 125);
    expect(metrics).toMatchObject({ 'failover.events.total': 1, 'failover.events.manual': 1 });
    expect(metrics).not.toHaveProperty('failover.events.automatic');
  });

  it('of a failback are its number and its hours', () => {
    expect(published(automatic({ kind: 'failback' }), 7_200)).toEqual({
      'failback.events.total': 1,
      'failback.duration.hours': 2,
    });
  });

  it('have a unit each', () => {
    const units = Object.fromEntries(Object.values(OPERATION_METRICS).map((name) => [name, unitOf(name)]));
    expect(units).toEqual({
      'failover.events.total': 'Count',
      'failover.events.automatic': 'Count',
      'failover.events.manual': 'Count',
      'failover.duration.seconds': 'Seconds',
      'failover.rto.actual': 'Seconds',
      'failover.rpo.actual': 'Seconds',
      'failback.events.total': 'Count',
      'failback.duration.hours': 'None',
      'failback.data_reconciliation.conflicts': 'Count',
    });
    expect(PHASES.map(phaseMetric).map(unitOf)).toEqual(PHASES.map(() => 'Seconds'));
    expect(unitOf('health.checks.failed')).toBe('Count');
  });
});
