import type { FleetContext } from '../../core/fleet/fleet-ports.ts';
import { staleFences } from '../../core/fleet/fleet-state.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import { causeText } from '../../state-machines/contracts.ts';
import type { FindingsInput, FleetJudgement } from '../../state-machines/contracts-fleet.ts';
import { fleetJournalFor } from '../fleet-journal.ts';
import { describeFindings } from '../member-findings.ts';

type Context = FleetContext<'coordination' | 'clock'>;

/**
 * Judges whether the fleet may leave together: only where every member is fenced, since one switch takes all of them
 * out. Where one is not, or something failed, the fleet moves nobody: the record names who, and every member that is
 * fenced leaves by its own switch.
 */
export function createJudgeFleet(context: Context): (input: FindingsInput) => Promise<FleetJudgement> {
  return async (input) => {
    const journal = await fleetJournalFor('judge-fleet', context, input);
    if (journal.find('refused') !== undefined)
      return { flip: false, reason: String(journal.find('refused')?.detail['reason']) };
    const reason = whyNot(context, journal.record, input);
    if (reason === undefined) {
      if (journal.find('done') === undefined) await journal.add('done', { fenced: context.fleet.members.length });
      return { flip: true, reason: '' };
    }
    await journal.add('refused', { reason });
    return { flip: false, reason };
  };
}

function whyNot(
  { fleet, ports }: Context,
  record: OperationRecord,
  { findings = [], error }: FindingsInput,
): string | undefined {
  if (error !== undefined) return `${error.Error}: ${causeText(error)}`.slice(0, 1_000);
  const stale = staleFences(record, fleet, ports.clock.nowEpochMs());
  if (stale !== undefined) return stale;
  const { members } = fleet;
  const fenced = new Set(findings.filter(({ ok }) => ok).map(({ application }) => application));
  const missing = members.filter((member) => !fenced.has(member));
  return missing.length === 0 ? undefined : `not fenced: ${describeFindings(missing, findings)}`;
}
