import type { FleetContext } from '../../core/fleet/fleet-ports.ts';
import { fleetVerdict } from '../../core/fleet/fleet-state.ts';
import { findEvent, type OperationRecord } from '../../core/operation/operation-record.ts';
import { closeOperation } from '../../core/operation/transitions.ts';
import { causeText } from '../../state-machines/contracts.ts';
import type { ClosedFleet, FindingsInput } from '../../state-machines/contracts-fleet.ts';
import { fleetJournalFor } from '../fleet-journal.ts';
import { describeFindings } from '../member-findings.ts';

/**
 * Ends an operation of a fleet: it succeeded where the switch did what was asked and every member came to a good end;
 * everything else is for a person, by name.
 */
export function createCloseFleet(
  context: FleetContext<'coordination' | 'clock'>,
): (input: FindingsInput) => Promise<ClosedFleet> {
  const { coordination, clock } = context.ports;
  return async (input) => {
    const ended = await coordination.readOperation(input.operation.operationId);
    if (ended !== undefined && ended.endedAtEpochMs !== null) return endOf(ended);
    const journal = await fleetJournalFor('close-fleet', context, input);
    const reason = whyNot(journal.record, input);
    const status = reason === '' ? 'SUCCEEDED' : 'NEEDS_OPERATOR';
    if (journal.find('done') === undefined) await journal.add('done', { status, reason });
    const nowEpochMs = clock.nowEpochMs();
    await coordination.setStatus(journal.holder.operationId, status, nowEpochMs);
    const { evacuated } = await journal.readState();
    const phase = evacuated.length === 0 ? 'STEADY' : 'FAILED_OVER';
    await coordination.transition(closeOperation(journal.holder, { phase, nowEpochMs, coolDown: true }));
    return { status, reason };
  };
}

function endOf(record: OperationRecord): ClosedFleet {
  const reason = String(findEvent(record, 'close-fleet', 'done')?.detail['reason'] ?? '');
  return { status: record.status === 'SUCCEEDED' ? 'SUCCEEDED' : 'NEEDS_OPERATOR', reason };
}

function whyNot(record: OperationRecord, { findings = [], error }: FindingsInput): string {
  if (error !== undefined) return `${error.Error}: ${causeText(error)}`.slice(0, 1_000);
  if (record.kind === 'failover' && fleetVerdict(record) !== 'flipped') {
    const judged = findEvent(record, 'judge-fleet', 'refused')?.detail['reason'];
    return `the members were left to their own switches: ${String(judged ?? 'the switch was not set')}`;
  }
  const bad = findings.filter(({ ok }) => !ok).map(({ application }) => application);
  return bad.length === 0 ? '' : `not at a good end: ${describeFindings(bad, findings)}`;
}
