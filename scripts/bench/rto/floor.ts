import { budgetsOf } from '../../../core/budget/budgets.ts';
import { type BudgetTerm, totalSeconds } from '../../../core/budget/scenario-budget.ts';
import { checksOf } from '../../../core/config/accessors.ts';
import { failsWhenDark } from '../../../core/config/checks.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { LATENCIES } from '../../../twin/world/latencies.ts';

/** Between what two bounds an outage of a Region must lie, and why. */
export interface Bounds {
  /** No failover under this config can be faster, whatever its code: for a fault at the best moment. */
  readonly floor: {
    readonly firstChangedAnswerSeconds: number;
    /** For the client whose resolver asked last before the answers changed. */
    readonly clientRtoSeconds: number;
    readonly terms: readonly BudgetTerm[];
  };
  /** The budget that synthesis judges: every term at its worst. */
  readonly budgetSeconds: number;
}

/**
 * The physical floor of a failover whose promotion and answers go side by side: detection, then the longer of the TTL and
 * the promotion. The switch's own check adds nothing at the best moment: some checker may look right after the object came.
 */
export function boundsOf(config: ResolvedConfig): Bounds {
  const detection = detectionFloor(config);
  const { from } = LATENCIES.promotion.milliseconds;
  const promotion = config.data.adapter === 'none' ? 0 : from / 1000;
  const { shiftAfterPromotion } = config.failover;
  const answers = shiftAfterPromotion ? promotion : 0;
  const budget = budgetsOf(config).find(({ scenario }) => scenario === 'region-outage');
  return {
    floor: {
      firstChangedAnswerSeconds: detection.seconds + answers,
      clientRtoSeconds: detection.seconds + Math.max(promotion, answers + config.ttlSeconds),
      terms: [
        detection,
        { name: 'switch', seconds: 0, because: 'a checker may look at the moment at which the object is put' },
        { name: 'promotion', seconds: promotion, because: `the fastest of the twin: ${LATENCIES.promotion.source}` },
        {
          name: 'TTL',
          seconds: config.ttlSeconds,
          because: 'a resolver may have asked right before the answers changed',
        },
      ],
    },
    budgetSeconds: budget === undefined ? Number.POSITIVE_INFINITY : totalSeconds(budget),
  };
}

/** All failures but the first take an interval each; the first probe may begin with the fault, the last must give up. */
function detectionFloor(config: ResolvedConfig): BudgetTerm {
  const probing = checksOf(config).filter(({ check }) => check.class === 'critical' && failsWhenDark(check));
  const fastest = probing
    .map(({ name, check: { intervalSeconds, failureThreshold, timeoutSeconds } }) => ({
      seconds: intervalSeconds * (failureThreshold - 1) + timeoutSeconds,
      because: `${name}: interval ${intervalSeconds} s × (${failureThreshold} - 1) + timeout ${timeoutSeconds} s`,
    }))
    .toSorted((a, b) => a.seconds - b.seconds)[0];
  return { name: 'detection', ...(fastest ?? { seconds: 0, because: 'no check of the config sees a dark Region' }) };
}
