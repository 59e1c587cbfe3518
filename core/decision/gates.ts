import type { ResolvedConfig } from '../config/types.ts';
import { type Assessment, type CheckAssessment, describeUnwell, isHealthyByQuorum } from '../health/assess.ts';
import { type ApplicationState, isHeld } from '../operation/application-state.ts';
import { mayStandInFor } from '../routing/weights.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What the gates look at. */
export interface GateContext {
  readonly config: ResolvedConfig;
  readonly state: ApplicationState;
  readonly subject: string;
  /** Assessments of the other application Regions, in order of preference. */
  readonly others: readonly Assessment[];
  /** When verdicts on the subject were raised lately, epoch ms. */
  readonly raisedAtEpochMs: readonly number[];
  readonly nowEpochMs: number;
}

/** A condition without which nothing starts by itself. */
export interface Gate {
  readonly id: string;
  /** In words, for the documentation. */
  readonly openWhile: string;
  /** Why it is closed; undefined where it is open. */
  readonly closedBecause: (context: GateContext) => string | undefined;
}

/** Every gate, in the order in which a closed one is named. */
export const GATES: readonly Gate[] = [
  {
    id: 'automation-enabled',
    openWhile: 'automation is enabled in the config and not paused by an operator',
    closedBecause: ({ config, state }) => {
      if (!config.automation.enabled) return 'automation is disabled in the config';
      return state.automationPaused ? 'automation is paused by an operator' : undefined;
    },
  },
  {
    id: 'no-operation-in-progress',
    openWhile: 'no operation holds the application',
    closedBecause: ({ state, nowEpochMs }) =>
      isHeld(state, nowEpochMs) ? `operation ${state.operationId} holds the application` : undefined,
  },
  {
    id: 'no-operator-needed',
    openWhile: 'no earlier operation was left for a person to settle',
    closedBecause: ({ state }) =>
      state.phase === 'NEEDS_OPERATOR' ? 'an earlier operation was left for an operator and is not settled' : undefined,
  },
  {
    id: 'cool-down',
    openWhile: 'the last operation ended longer ago than the cool-down',
    closedBecause: ({ config, state, nowEpochMs }) => {
      const ended = state.lastOperationEndedAtEpochMs;
      const left = ended === null ? 0 : ended + config.automation.coolDownMinutes * MINUTE_MS - nowEpochMs;
      return left > 0
        ? `the last operation ended less than ${config.automation.coolDownMinutes} min ago, ${Math.ceil(left / 1000)} s are left`
        : undefined;
    },
  },
  {
    id: 'automatic-budget',
    openWhile: 'fewer automatic failovers were started in 24 h than are allowed',
    closedBecause: ({ config, state, nowEpochMs }) => {
      const recent = state.automaticStartsEpochMs.filter((startedAt) => nowEpochMs - startedAt < DAY_MS).length;
      return recent >= config.automation.maxPerDay
        ? `${recent} automatic failovers in 24 h, ${config.automation.maxPerDay} are allowed`
        : undefined;
    },
  },
  {
    id: 'not-flapping',
    openWhile: 'the Region does not come and go: within the window it was to be left fewer times than are too many',
    closedBecause: ({ config, raisedAtEpochMs }) => {
      const { raises, windowMinutes } = config.automation.flapping;
      return raisedAtEpochMs.length >= raises
        ? `the Region comes and goes: ${raisedAtEpochMs.length} times in ${windowMinutes} min, ${raises} are too many`
        : undefined;
    },
  },
  {
    // An observer reads state and reports at once and decides on the active Region, so here the gate only guards decide()
    // against another caller. A state that moves on after that is met where it counts: the start carries the epoch that
    // was read, and opening the operation refuses another one.
    id: 'epoch-current',
    openWhile: 'the Region decided on is the active one; opening the operation compares the epoch once more',
    closedBecause: ({ state, subject }) =>
      state.activeRegion === subject
        ? undefined
        : `${subject} is no longer the active Region, ${state.activeRegion} is`,
  },
  {
    id: 'target-healthy',
    openWhile:
      'a Region that residency allows is healthy by quorum: every critical check passed, and nothing in it that row D220 or D230 would leave it for',
    closedBecause: (context) => {
      if (eligibleTarget(context) !== undefined) return undefined;
      if (allowedTargets(context).length === 0) return 'no other Region may take the traffic';
      return `no target is healthy by quorum: ${allowedTargets(context).map(whyNot).join('; ')}`;
    },
  },
];

/** The first Region, in order of preference, that is healthy by quorum and may take the traffic. */
export function eligibleTarget(context: GateContext): string | undefined {
  return allowedTargets(context).find(isFit)?.subject;
}

/** The first closed gate and why; undefined where all are open. */
export function closedGate(context: GateContext): { readonly id: string; readonly because: string } | undefined {
  for (const { id, closedBecause } of GATES) {
    const because = closedBecause(context);
    if (because !== undefined) return { id, because };
  }
  return undefined;
}

function allowedTargets({ config, subject, others }: GateContext): readonly Assessment[] {
  const allowed = mayStandInFor(config, subject);
  return others.filter((other) => allowed.includes(other.subject));
}

/** What would have traffic leave a Region at once keeps it from going there. */
function isFit(assessment: Assessment): boolean {
  return isHealthyByQuorum(assessment) && failedSignals(assessment).length === 0;
}

function failedSignals({ signals }: Assessment): readonly CheckAssessment[] {
  return signals.filter(({ status }) => status === 'failed');
}

function whyNot(assessment: Assessment): string {
  const reasons = [describeUnwell(assessment), ...failedSignals(assessment).map(({ reason }) => reason)];
  return `${assessment.subject}: ${reasons.filter((reason) => reason !== '').join('; ')}`;
}
