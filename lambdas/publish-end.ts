import { figuresOf } from '../core/operation/figures.ts';
import { operationMetrics } from '../core/operation/operation-metrics.ts';
import type { OperationRecord } from '../core/operation/operation-record.ts';
import type { StepContext } from '../core/ports.ts';

/**
 * Publishes what an operation comes to, by the run that has just put its end on record: another run finds that line and
 * publishes nothing. Nothing happens between the two, so that a run which dies counts an operation rarely not, and never twice.
 */
export function publishEnd({ config, ports }: StepContext<'clock' | 'telemetry'>, record: OperationRecord): void {
  const figures = figuresOf(config, record, ports.clock.nowEpochMs());
  if (figures === undefined) return;
  ports.telemetry.measure({ region: record.request.target, values: operationMetrics(figures) });
}
