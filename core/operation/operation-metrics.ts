import type { OperationFigures } from './figures.ts';
import { PHASES, type Phase } from './phases.ts';

/** Metrics of operations, by what they tell; the dimensions are the application and the Region that was moved to. */
export const OPERATION_METRICS = {
  failovers: 'failover.events.total',
  automaticFailovers: 'failover.events.automatic',
  manualFailovers: 'failover.events.manual',
  failoverSeconds: 'failover.duration.seconds',
  rtoSeconds: 'failover.rto.actual',
  rpoSeconds: 'failover.rpo.actual',
  failbacks: 'failback.events.total',
  failbackHours: 'failback.duration.hours',
  conflicts: 'failback.data_reconciliation.conflicts',
} as const;

/** The metric of a phase. */
export function phaseMetric(phase: Phase): string {
  return `failover.phase.${phase}.seconds`;
}

/** The values to publish for an operation, by metric; what was not measured is not published. */
export function operationMetrics(figures: OperationFigures): Readonly<Record<string, number>> {
  const { kind, automatic, durationSeconds, rtoSeconds, rpoSeconds, phases } = figures;
  if (kind === 'failback') {
    return { [OPERATION_METRICS.failbacks]: 1, [OPERATION_METRICS.failbackHours]: durationSeconds / 3600 };
  }
  const measured = Object.entries({
    [OPERATION_METRICS.rtoSeconds]: rtoSeconds,
    [OPERATION_METRICS.rpoSeconds]: rpoSeconds,
    ...Object.fromEntries(PHASES.map((phase) => [phaseMetric(phase), phases[phase]])),
  }).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return {
    [OPERATION_METRICS.failovers]: 1,
    [automatic ? OPERATION_METRICS.automaticFailovers : OPERATION_METRICS.manualFailovers]: 1,
    [OPERATION_METRICS.failoverSeconds]: durationSeconds,
    ...Object.fromEntries(measured),
  };
}
