import { applicationRegions } from '../../core/config/accessors.ts';
import { RESTING_PHASES } from '../../core/deployment/deployment-problems.ts';
import { isTurn } from '../../core/fleet/reconcile-turn.ts';
import { type ApplicationState, isHeld } from '../../core/operation/application-state.ts';
import { isEverywhere, mayBeSpared } from '../../core/operation/spared-guardian.ts';
import { releaseHeldOut, restoreLostTtl } from '../../core/operation/transitions.ts';
import type { StepContext } from '../../core/ports.ts';
import { hasDrifted } from '../../core/routing/change-batch.ts';
import { desiredWeights } from '../../core/routing/weights.ts';
import { writeStateWeights } from '../../core/routing/write-weights.ts';
import { endLostFailback, leaveDeadOriginal } from './lost-failback.ts';

type Context = StepContext<'coordination' | 'clock' | 'records' | 'evacuation' | 'telemetry'>;

/** What the reconciler found to do. */
export interface ReconciledRecords {
  readonly records: 'agreed' | 'written' | 'refused' | 'not-mine';
  readonly reason?: string;
}

/**
 * Finishes what an operation could not: brings the records to the state's weights once Route 53 takes changes again, a
 * switch to the guardian that could not take it, takes away one that a silent guardian has kept, and lets standbys in
 * again that were only out until the records said who serves. Gives back a TTL that planned work lowered before it died.
 * Ends a failback whose machine is gone, or whose returning Region has failed. Puts right what a failed deployment has put
 * back. Runs on a schedule in every application Region; the active one acts, and members of a fleet ask Route 53 in turns.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html (propagation)
 */
export function createReconcileRecords(context: Context): () => Promise<ReconciledRecords> {
  const { config, ports, region } = context;
  return async () => {
    const { state: found, reports } = await ports.coordination.readSituation();
    if (found.activeRegion !== region) return { records: 'not-mine' };
    const isBusy = isHeld(found, ports.clock.nowEpochMs());
    const left = isBusy ? await leaveDeadOriginal(context, { state: found, reports }) : undefined;
    // A running operation writes its own weights and switches. One that died or waits for a person does not.
    if (left !== undefined || (isBusy && found.phase !== 'NEEDS_OPERATOR'))
      return { records: 'not-mine', reason: left ?? `operation ${found.operationId} is running` };
    const state = await withTtlDue(context, await withoutHeldOut(context, await endLostFailback(context, found)));
    await keepSwitches(context, state);
    if (!isTurn(config, ports.clock.nowEpochMs())) return { records: 'not-mine', reason: 'not its turn in the fleet' };
    const isPending = state.recordsPending || state.weightsPending;
    if (!isPending && !(await recordsDrifted(context, state))) return { records: 'agreed' };
    const outcome = await writeStateWeights(config, ports, state);
    if (outcome.kind === 'refused') return { records: 'refused', reason: outcome.reason };
    return { records: outcome.kind === 'written' ? 'written' : 'agreed' };
  };
}

/** Every Region is out, or in, by its switch as the state says. */
async function keepSwitches({ config, ports }: Context, state: ApplicationState): Promise<void> {
  const { epoch, evacuated, heldOut, leftByFleet, activeRegion } = state;
  const spared = mayBeSpared(config, state, ports.clock.nowEpochMs()) ? activeRegion : undefined;
  await Promise.all(
    applicationRegions(config).map((id) => {
      // The fleet's switch keeps it out: a thousand members need no objects of their own for that.
      if (leftByFleet?.includes(id)) return [];
      const isOut = evacuated.includes(id) || heldOut.includes(id);
      return isOut ? ports.evacuation.evacuate(id, epoch, spared) : ports.evacuation.tidy(id, epoch);
    }),
  );
}

/**
 * Whether the records say something else than the state though nothing is pending: a deployment that fails applies the
 * weights of the one before again. Asked at rest alone: an operation changes records before or after the state, and a
 * person who settles one may do so by hand.
 */
async function recordsDrifted({ config, ports }: Context, { phase, weights }: ApplicationState): Promise<boolean> {
  if (!RESTING_PHASES.has(phase)) return false;
  const desired = desiredWeights(config, weights);
  return hasDrifted(await ports.records.list([...new Set(desired.map(({ name }) => name))]), desired);
}

/** The state that asks for the TTL of the config again, where planned work has lowered it and is gone or held. */
async function withTtlDue({ ports }: Context, state: ApplicationState): Promise<ApplicationState> {
  if (state.loweredTtlSeconds === null) return state;
  return (await ports.coordination.transition(restoreLostTtl(state))) ?? state;
}

/** The state without the standbys held out, where every server has the records by now. */
async function withoutHeldOut({ ports }: Context, state: ApplicationState): Promise<ApplicationState> {
  if (state.heldOut.length === 0 || !isEverywhere(state, ports.clock.nowEpochMs())) return state;
  return (await ports.coordination.transition(releaseHeldOut(state))) ?? state;
}
