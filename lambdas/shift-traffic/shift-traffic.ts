import { FLEET_PATIENCE_SECONDS, type FleetVerdict } from '../../core/fleet/fleet-state.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { findStanding } from '../../core/operation/operation-record.ts';
import { clearEvacuation } from '../../core/operation/transitions.ts';
import { assertFenced } from '../../core/operation/writer-move.ts';
import type { GuardianOutcome, StepContext } from '../../core/ports.ts';
import { switchSettleSeconds } from '../../core/routing/compile/health-checks.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { admitRegion, heldByFleet, leaveRegion, leaveWithFleet } from '../region-switch.ts';
import { journalFor } from '../step-journal.ts';
import { maySourceBeSilent } from './silent-source.ts';

type Context = StepContext<'coordination' | 'clock' | 'evacuation' | 'fleet'>;

/** Time between two looks at whether the fleet has set its switch. */
const FLEET_POLL_SECONDS = 2;

/**
 * Takes the source out of the answers by its evacuation switch, which needs neither the source nor any control plane. A
 * target that is itself out is let in before, while the source still has the weight: in the other order nobody would be
 * left. A guardian in a source that is dark may be silent then: a switch that cannot be read keeps nobody out, and the
 * reconciler takes it away once it can.
 *
 * Where a fleet's machine has started the operation, it is the fleet's one switch that takes the source out, once every
 * member is fenced. A fleet that moves nobody, or does not answer in time, leaves each member to its own switch.
 *
 * @throws {OperationError} `SwitchFailedError` where neither guardian of a Region took its switch, or one did not let go;
 * `FenceMissingError` where the source was not fenced.
 */
export function createShiftTraffic(context: Context): (input: StepInput) => Promise<PollOutput> {
  return async (input) => {
    const { source, target } = input.operation;
    const journal = await journalFor('shift-traffic', context, input);
    if (findStanding(journal.record, 'shift-traffic', 'switch') !== undefined) return { done: true, waitSeconds: 0 };
    assertFenced(journal.record, journal.holder);
    const state = await journal.readState();
    if (await isHeldByFleet(context, state, target)) throw heldByFleet(target);
    if (state.evacuated.includes(target) || state.heldOut.includes(target)) {
      const guardians = await admitTarget(context, journal);
      // The line first: a run that found the state cleared would shift before every checker has seen the target in.
      await journal.add('waiting', { admitted: target, guardians });
      await journal.change(clearEvacuation(journal.holder, state, target));
      return { done: false, waitSeconds: switchSettleSeconds(context.config) };
    }
    if (needsAnotherWord(context, journal)) {
      const guardians = await admitTarget(context, journal);
      await journal.add('waiting', { admittedAgain: target, guardians });
      return { done: false, waitSeconds: switchSettleSeconds(context.config) };
    }
    const verdict = await askFleet(context, journal);
    if (verdict === 'waiting') return { done: false, waitSeconds: FLEET_POLL_SECONDS };
    const leave = verdict === 'flipped' ? leaveWithFleet : leaveRegion;
    const { guardians, heldOut } = await leave(context, journal, { state, source, target });
    const by = journal.record.request.fleet === undefined ? {} : { by: verdict === 'flipped' ? 'fleet' : 'own switch' };
    await journal.add('done', { evacuated: source, guardians, ...by, ...(heldOut.length === 0 ? {} : { heldOut }) });
    return { done: true, waitSeconds: 0 };
  };
}

async function admitTarget(context: Context, journal: Journal): Promise<readonly GuardianOutcome[]> {
  const { source, target } = journal.record.request;
  const silent = await maySourceBeSilent(context, journal);
  const remedy = `${source} still answers its clients, and without ${target} nobody would be left: delete the switch in ${source} by hand from where it can be reached (docs/runbooks/failback.md), then resume`;
  return admitRegion(context, journal, { region: target, ...(silent ? { mayBeSilent: source } : { remedy }) });
}

/** A fleet that cannot be asked holds nobody up: what the application itself knows counts then. */
async function isHeldByFleet({ ports }: Context, { leftByFleet }: ApplicationState, target: string): Promise<boolean> {
  return leftByFleet?.includes(target) === true || (await ports.fleet.keepsOut(target).catch(() => false));
}

/**
 * A metric's minute keeps the worst that was said in it: a target that the reconciler held out in the very minute in which
 * it was let in would stay out. The operation keeps the reconciler away, so the next word is the only one of its minute.
 */
function needsAnotherWord({ config }: Context, { record }: Journal): boolean {
  if (config.evacuation.kind !== 'cloudwatch') return false;
  const said = (what: string): boolean =>
    record.events.some(({ step, detail }) => step === 'shift-traffic' && detail[what] !== undefined);
  return said('admitted') && !said('admittedAgain');
}

/** What the fleet says; one that cannot be asked now is asked again until patience is over. */
async function askFleet({ ports }: Context, journal: Journal): Promise<FleetVerdict> {
  const operationId = journal.record.request.fleet?.operationId;
  if (operationId === undefined) return 'alone';
  const since = await journal.firstLook({ for: operationId });
  const verdict = await ports.fleet.verdict(operationId).catch((): FleetVerdict => 'waiting');
  const isOver = ports.clock.nowEpochMs() - since > FLEET_PATIENCE_SECONDS * 1000;
  return verdict === 'waiting' && isOver ? 'alone' : verdict;
}
