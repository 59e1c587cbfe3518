import { describe, expect, it, vi } from 'vitest';
import type { RegionMeasurement } from '../../core/counters.ts';
import { OPERATION_METRICS, phaseMetric } from '../../core/operation/operation-metrics.ts';
import { PHASES, type Phase } from '../../core/operation/phases.ts';
import { rehearse } from '../_helpers/rehearse.ts';

const measured: RegionMeasurement[] = [];

vi.mock('../../twin/world/telemetry.ts', async (original) => {
  const real = await original<typeof import('../../twin/world/telemetry.ts')>();
  return {
    ...real,
    createTelemetryOf: (settings: Parameters<typeof real.createTelemetryOf>[0]) => {
      const telemetryOf = real.createTelemetryOf(settings);
      return (region: string, name: string) => {
        const telemetry = telemetryOf(region, name);
        return {
          ...telemetry,
          measure: (measurement: RegionMeasurement) => {
            measured.push(measurement);
            telemetry.measure(measurement);
          },
        };
      };
    },
  };
});

/** Seconds by which a probe can come after the fault, and what a phase can be off by that. */
const PROBE_SECONDS = 11;
/** The moment of the fault, and the one at which answers changed; the record has those of probes and of asking. */
const SEEN_BY_THE_TWIN_ALONE: readonly Phase[] = ['detect', 'answers', 'traffic'];

describe('the metrics of a failover and its failback', () => {
  it('are published once each, and say what the rehearsal saw', async () => {
    const { failover, failback } = await rehearse({ scenario: 'region-outage' });
    const failovers = measured.filter(({ values }) => OPERATION_METRICS.failovers in values);
    const failbacks = measured.filter(({ values }) => OPERATION_METRICS.failbacks in values);
    expect([failovers.length, failbacks.length]).toEqual([1, 1]);
    expect(failovers[0]).toMatchObject({ region: failover.target, values: { 'failover.events.automatic': 1 } });
    const { values = {} } = failovers[0] ?? {};
    const told = (phase: Phase): number => values[phaseMetric(phase)] ?? Number.NaN;
    for (const phase of PHASES.filter((name) => !SEEN_BY_THE_TWIN_ALONE.includes(name))) {
      const seen = failover.phases[phase];
      if (seen === null) expect(values, phase).not.toHaveProperty([phaseMetric(phase)]);
      else expect(told(phase), phase).toBeCloseTo(seen, 2);
    }
    expect(Math.abs(told('detect') - (failover.phases.detect ?? 0))).toBeLessThanOrEqual(PROBE_SECONDS);
    const { answers, traffic } = failover.phases;
    expect(told('answers') + told('traffic')).toBeCloseTo((answers ?? 0) + (traffic ?? 0), 1);
    expect(failbacks[0]?.values[OPERATION_METRICS.failbackHours]).toBeCloseTo(
      (failback.durationSeconds ?? 0) / 3600,
      2,
    );
  });
});
