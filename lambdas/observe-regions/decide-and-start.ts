import { fleetOf } from '../../core/config/accessors.ts';
import { COUNTERS } from '../../core/counters.ts';
import { callsForAction, hasChanged } from '../../core/decision/decide.ts';
import { type DecisionSight, decideOn } from '../../core/decision/decide-on.ts';
import type { Decision } from '../../core/decision/outcome.ts';
import { decisionRecord, summaryOf } from '../../core/decision/record.ts';
import { reviewMessage } from '../../core/notification/messages.ts';
import type { OperationRequest } from '../../core/operation/request.ts';
import { REQUESTED_AUTOMATICALLY } from '../../core/operation/requested-automatically.ts';
import type { StepContext } from '../../core/ports.ts';
import { publishHealth } from './publish-health.ts';

type Context = StepContext<'coordination' | 'clock' | 'machines' | 'fleet' | 'notifier' | 'telemetry'>;

/** The row of a complete regional failure (core/decision/table.ts). */
const DEAD_REGION = 'D200';

/** Executions of one name that ended without opening an operation; more than a few mean that something is broken. */
const MOST_ATTEMPTS = 10;

/**
 * Decides on the active Region and does what the verdict says: starts this Region's failover machine where this Region
 * is the target, or asks a person. A standing condition is decided anew at every round; people are told of a change
 * once. A Region does not decide about itself. After a round of its own it also publishes what it sees.
 */
export async function decideAndStart(context: Context, round?: number): Promise<void> {
  const { config, ports, region } = context;
  const situation = await ports.coordination.readSituation();
  if (round !== undefined) publishHealth(context, { round, reports: situation.reports });
  if (situation.state.activeRegion === region) return;
  const input = { config, situation, nowEpochMs: ports.clock.nowEpochMs() };
  const decision = decideOn(input);
  // Nothing that is only told or kept may hold back what has to start.
  const starting = startWhereDue(context, decision);
  try {
    const news =
      hasChanged(situation.decision, decision) &&
      (await ports.coordination.replaceDecision(situation.decision, decision));
    if (news) await publish(context, { input, decision });
  } finally {
    await starting;
  }
}

/** Starts this Region's machine where it is the target; the condition stands until the next round, which tries again. */
async function startWhereDue(context: Context, decision: Decision): Promise<void> {
  if (decision.outcome !== 'AUTOMATIC_FAILOVER' || decision.target !== context.region) return;
  if (await isMovedByFleet(context, decision)) return;
  await startFailover(context, decision).catch((error) => context.ports.telemetry.failed(COUNTERS.startFailed, error));
}

/** Where the whole Region is dead, its fleet may take the application along. A fleet that does not answer holds nobody back. */
async function isMovedByFleet({ config, ports }: Context, { ruleId, subject, target }: Decision): Promise<boolean> {
  if (fleetOf(config) === undefined || ruleId !== DEAD_REGION || target === null) return false;
  try {
    return (await ports.fleet.call({ source: subject, target, reason: ruleId })) === 'moves';
  } catch (error) {
    ports.telemetry.failed(COUNTERS.startFailed, error);
    return false;
  }
}

/** Logs, tells and keeps what is new. What could not be told is news again, so it is not kept yet. */
async function publish(
  context: Context,
  { input, decision }: { input: DecisionSight; decision: Decision },
): Promise<void> {
  const { ports } = context;
  if (decision.outcome === 'MONITOR') ports.telemetry.count(COUNTERS.monitored, 1);
  ports.telemetry.log('decision', summaryOf(decision));
  if (asksForPerson(decision) && !(await tell(context, { before: input.situation.decision, decision }))) return;
  if (!callsForAction(decision)) return;
  await ports.coordination
    .keepDecision(decisionRecord(input, decision))
    .catch((error) => ports.telemetry.failed(COUNTERS.decisionNotKept, error));
}

/**
 * Tells people. A message that is not sent makes the verdict news again: the one before is put back, so that the next
 * round finds a change and sends; whoever stored first is still the only one who tells. Gives whether it was sent.
 */
async function tell(
  { config, ports }: Context,
  { before, decision }: { before: Decision | undefined; decision: Decision },
): Promise<boolean> {
  const outcomes = await ports.notifier.send(reviewMessage({ config, decision }), ['sns']);
  const failed = outcomes.find((outcome) => !outcome.sent);
  if (failed === undefined) return true;
  ports.telemetry.failed(COUNTERS.notificationFailed, failed.error);
  if (before !== undefined) await ports.coordination.replaceDecision(decision, before);
  return false;
}

/** A running operation tells about itself; that nothing more is started meanwhile is no news. */
function asksForPerson({ outcome, closedGate }: Decision): boolean {
  return outcome === 'MANUAL_REVIEW' && closedGate !== 'no-operation-in-progress';
}

/** The name makes two deciders start one execution; the lease makes it one operation whatever its name. */
async function startFailover({ config, ports, region }: Context, decision: Decision): Promise<void> {
  const input: OperationRequest = {
    application: config.application,
    source: decision.subject,
    target: region,
    reason: decision.ruleId,
    mode: 'automatic',
    requestedBy: REQUESTED_AUTOMATICALLY,
    approval: 'none',
    epoch: decision.epoch,
  };
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const name = `${config.application}-${decision.epoch}-${decision.subject}-${region}-${attempt}`;
    const outcome = await ports.machines.start({ machine: 'failover', name, input });
    if (outcome.kind === 'started' || outcome.running) return;
  }
  ports.telemetry.count(COUNTERS.startExhausted, 1);
}
