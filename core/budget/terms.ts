import { isPromoted } from '../config/data-tier.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { PLANNED_LAG_SECONDS } from '../operation/planned.ts';
import { FENCE_POLL_SECONDS, PROMOTION_POLL_SECONDS } from '../operation/polling.ts';
import { WRITE_LEASE } from '../operation/write-lease.ts';
import {
  ENDPOINT_FAILURE_THRESHOLD,
  ENDPOINT_INTERVAL_SECONDS,
  switchSettleSeconds,
  switchTimes,
} from '../routing/compile/health-checks.ts';
import { CHECKER_CONNECT_SECONDS, CHECKER_RESPONSE_SECONDS } from '../routing/route53-limits.ts';
import type { Detection } from './detection.ts';
import { HEALTH_PROPAGATION_SECONDS, metricVisibleSeconds, STEP_BUDGET_SECONDS } from './durations.ts';
import type { BudgetTerm } from './scenario-budget.ts';

/** RDS publishes the lag of a replica once a minute: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html */
const LAG_PERIOD_SECONDS = 60;
const LEASE_SECONDS = (WRITE_LEASE.durationMs + WRITE_LEASE.clockMarginMs) / 1000;
const PROPAGATION = `propagation ${HEALTH_PROPAGATION_SECONDS} s (assumed)`;

/** What observers take to know. */
export function detectionTerm({ seconds, because }: Detection): BudgetTerm {
  return { name: 'detection', seconds, because };
}

/** What Route 53's own endpoint check takes to know, and a decision is not needed. */
export const ENDPOINT_DETECTION: BudgetTerm = {
  name: 'detection',
  seconds: ENDPOINT_INTERVAL_SECONDS * ENDPOINT_FAILURE_THRESHOLD + CHECKER_CONNECT_SECONDS + CHECKER_RESPONSE_SECONDS,
  because:
    `endpoint check: interval ${ENDPOINT_INTERVAL_SECONDS} s × ${ENDPOINT_FAILURE_THRESHOLD} + ` +
    `timeouts ${CHECKER_CONNECT_SECONDS} s and ${CHECKER_RESPONSE_SECONDS} s`,
};

/** From the verdict to the open operation. */
export function decisionTerm({ untilLookSeconds }: Detection): BudgetTerm {
  const wait = untilLookSeconds === 0 ? '' : `next look ${untilLookSeconds} s + `;
  return {
    name: 'decision',
    seconds: untilLookSeconds + STEP_BUDGET_SECONDS.decision,
    because: `${wait}opening the operation ${STEP_BUDGET_SECONDS.decision} s`,
  };
}

/** From the message to a person's word. */
export function approvalTerm({ failover }: Pick<ResolvedConfig, 'failover'>): BudgetTerm {
  return {
    name: 'approval',
    seconds: failover.approvalMinutes * 60,
    because: `failover.approvalMinutes ${failover.approvalMinutes}, then it is cancelled`,
  };
}

/** The look at the target. */
export const VALIDATION: BudgetTerm = {
  name: 'validation',
  seconds: STEP_BUDGET_SECONDS.validation,
  because: 'every check of the target, side by side',
};

/**
 * The fence: a dead source renewed its write lease for the last time when it died, so some of the lease has run by then;
 * one that lives may hold it until the fence, and not acknowledge.
 */
export function fenceTerm(
  { failover }: Pick<ResolvedConfig, 'failover'>,
  source: 'alive' | { readonly deadForSeconds: number },
): BudgetTerm {
  const hooks = Math.max(0, ...failover.fenceHooks.map(({ timeoutSeconds }) => timeoutSeconds));
  const elapsed = source === 'alive' ? 0 : source.deadForSeconds;
  const wait = Math.max(0, LEASE_SECONDS - elapsed);
  const poll = wait === 0 ? 0 : FENCE_POLL_SECONDS;
  const lease =
    wait === 0
      ? `the write lease and its margin, ${LEASE_SECONDS} s, are over by then`
      : `at most ${wait} s of the write lease and its margin + a look every ${poll} s`;
  return {
    name: 'fence',
    // A required hook that fails ends the operation; the lease runs on while hooks do.
    seconds: STEP_BUDGET_SECONDS.fence + Math.max(hooks, wait) + poll,
    because: hooks === 0 ? lease : `${lease}; hooks side by side with it, at most ${hooks} s`,
  };
}

/** The promotion of the data; none where nothing is promoted. */
export function promotionTerms({ data }: Pick<ResolvedConfig, 'data'>): readonly BudgetTerm[] {
  if (!isPromoted(data)) return [];
  return [
    {
      name: 'promotion',
      seconds: data.promotionSeconds + PROMOTION_POLL_SECONDS,
      because: `data.promotionSeconds ${data.promotionSeconds} + a look every ${PROMOTION_POLL_SECONDS} s`,
    },
  ];
}

/**
 * What a move without loss waits for before it begins: a switchover for the lag that planned work begins at; a read
 * replica, which has none, until a whole minute since the fence is published and shows no lag.
 */
export function lastLagTerm({ data }: Pick<ResolvedConfig, 'data'>): BudgetTerm {
  if (data.adapter === 'rds-replica') {
    const seconds = metricVisibleSeconds(LAG_PERIOD_SECONDS);
    return { name: 'lag', seconds, because: `a minute of ${data.adapter} since the fence has to show none` };
  }
  const because = `the lag that planned work begins at is ${PLANNED_LAG_SECONDS} s at most`;
  return { name: 'lag', seconds: PLANNED_LAG_SECONDS, because };
}

/** Answers that leave by the evacuation switch; a target that is out itself is let in before. */
export function switchTerms(
  config: Pick<ResolvedConfig, 'ttlSeconds' | 'evacuation'>,
  targetIsOut: boolean,
): readonly BudgetTerm[] {
  const letIn = targetIsOut ? switchSettleSeconds(config) : 0;
  const { seenAfterSeconds: observed, because } = switchTimes(config);
  return [
    {
      name: 'switch',
      seconds: STEP_BUDGET_SECONDS.shift + letIn + observed + HEALTH_PROPAGATION_SECONDS,
      because:
        `steps ${STEP_BUDGET_SECONDS.shift} s${targetIsOut ? ` + letting the target in ${letIn} s` : ''} + ` +
        `${because} + ${PROPAGATION}`,
    },
    ttlTerm(config),
  ];
}

/** Answers that leave by the health of an endpoint. */
export function propagationTerms(config: Pick<ResolvedConfig, 'ttlSeconds'>): readonly BudgetTerm[] {
  return [{ name: 'propagation', seconds: HEALTH_PROPAGATION_SECONDS, because: 'assumed' }, ttlTerm(config)];
}

function ttlTerm({ ttlSeconds }: Pick<ResolvedConfig, 'ttlSeconds'>): BudgetTerm {
  return { name: 'TTL', seconds: ttlSeconds, because: 'ttlSeconds' };
}
