import { unitOf } from '../core/counters.ts';
import { OPERATION_METRICS, phaseMetric } from '../core/operation/operation-metrics.ts';
import { PHASES } from '../core/operation/phases.ts';
import { markdownTable } from './markdown-table.ts';

const MEANINGS: Readonly<Record<keyof typeof OPERATION_METRICS, string>> = {
  failovers: '1 for every failover that changed something, however it ended',
  automaticFailovers: '1 for those that an observer started',
  manualFailovers: '1 for those that a person started, in any mode',
  failoverSeconds: 'from its opening to its end',
  rtoSeconds:
    'from the beginning of the outage, or where a person started it from its opening, to the traffic seen at the target',
  rpoSeconds: '0 by a switchover; by a failover the replication lag that was last measured',
  failbacks: '1 for every failback that changed something, however it ended',
  failbackHours: 'from its opening to its end',
  conflicts:
    'rows that both Regions changed while they were parted, as a failback found them, or of which nobody can tell',
};

/** The metrics of operations. */
export function renderOperationMetrics(): string {
  const rows = Object.entries(OPERATION_METRICS).map(([key, name]) => [
    `\`${name}\``,
    unitOf(name),
    MEANINGS[key as keyof typeof OPERATION_METRICS],
  ]);
  const phases = PHASES.map((phase) => [
    `\`${phaseMetric(phase)}\``,
    unitOf(phaseMetric(phase)),
    `the phase \`${phase}\` of a failover in which it happened`,
  ]);
  return markdownTable(['metric', 'unit', 'value'], [...rows, ...phases]);
}
