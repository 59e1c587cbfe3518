import { traitsOf } from '../config/accessors.ts';
import type { RtoTarget } from '../config/targets.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { PLANNED_TTL_SECONDS } from '../operation/planned.ts';
import { type Detection, detectBySignal, detectDarkRegion, detectDegradation, detectWriter } from './detection.ts';
import type { BudgetTerm, ScenarioBudget } from './scenario-budget.ts';
import {
  approvalTerm,
  decisionTerm,
  detectionTerm,
  ENDPOINT_DETECTION,
  fenceTerm,
  lastLagTerm,
  promotionTerms,
  propagationTerms,
  switchTerms,
  VALIDATION,
} from './terms.ts';

/**
 * A budget for every scenario that a config can suffer and that its records or machines end, worst case each. There is
 * none where an accelerator alone moves traffic.
 */
export function budgetsOf(config: ResolvedConfig): readonly ScenarioBudget[] {
  const { orchestrated, leavesBySwitchOnly, front } = traitsOf(config);
  const leavesByEndpoint = front === 'regions' && !leavesBySwitchOnly;
  return [
    ...(orchestrated ? orchestratedBudgets(config) : []),
    ...(leavesByEndpoint ? [byEndpoint(config, 'endpoint-outage', 'a front door that no longer answers')] : []),
    ...(config.lastResort === undefined
      ? []
      : [byEndpoint(config, 'every-region-down', 'no front door answers, the last resort does')]),
  ];
}

function orchestratedBudgets(config: ResolvedConfig): readonly ScenarioBudget[] {
  const writer = detectWriter(config);
  return [
    regionOutage(config, 'region-outage', 'a Region goes dark', false),
    regionOutage(config, 'second-region-outage', 'the Region that took over goes dark, the first one is back', true),
    ...(writer === undefined ? [] : [databaseFailure(config, writer)]),
    ...signalled(config),
    degradation(config),
    plannedFailover(config),
  ];
}

function regionOutage(config: ResolvedConfig, scenario: string, about: string, targetIsOut: boolean): ScenarioBudget {
  const detection = detectDarkRegion(config);
  const shared = { scenario, about, ...automatically(config, 'regionFailureSeconds'), ...movesOf(config, targetIsOut) };
  if (detection === undefined) {
    const never =
      'a critical check of kind "metric" is unknown in a dark Region, not failed; let it depend on a check that probes';
    return { ...shared, before: [], never };
  }
  const until = [detectionTerm(detection), decisionTerm(detection), VALIDATION];
  const deadForSeconds = until.reduce((sum, { seconds }) => sum + seconds, 0);
  return { ...shared, before: [...until, fenceTerm(config, { deadForSeconds })] };
}

function databaseFailure(config: ResolvedConfig, detection: Detection): ScenarioBudget {
  return {
    scenario: 'database-failure',
    about: 'the database writer fails, the Region lives',
    ...automatically(config, 'databaseFailureSeconds'),
    before: [detectionTerm(detection), decisionTerm(detection), VALIDATION, fenceTerm(config, 'alive')],
    ...movesOf(config, false),
  };
}

/** What a Region says of itself; none where no check reads its document. */
function signalled(config: ResolvedConfig): readonly ScenarioBudget[] {
  const detection = detectBySignal(config);
  if (detection === undefined) return [];
  const until = [detectionTerm(detection), decisionTerm(detection), VALIDATION];
  const cutForSeconds = until.reduce((sum, { seconds }) => sum + seconds, 0);
  const shared = { ...automatically(config, 'regionFailureSeconds'), ...movesOf(config, false) };
  return [
    {
      scenario: 'instances-down',
      about: 'more than half of the instances of a critical service are down, the Region lives',
      before: [...until, fenceTerm(config, 'alive')],
      ...shared,
    },
    {
      scenario: 'partition',
      about: 'a Region is cut off from the coordination table, its front door answers',
      // It could not renew its write lease since then.
      before: [...until, fenceTerm(config, { deadForSeconds: cutForSeconds })],
      ...shared,
    },
  ];
}

function degradation(config: ResolvedConfig): ScenarioBudget {
  const detection = detectDegradation(config);
  const known = detection === undefined ? [] : [detectionTerm(detection), decisionTerm(detection)];
  return {
    scenario: 'degradation',
    about: 'a Region fails in part, a person decides',
    startedBy: 'manual',
    target: targetOf(config, 'degradationSeconds'),
    before: [...known, approvalTerm(config), VALIDATION, fenceTerm(config, 'alive')],
    ...movesOf(config, false),
  };
}

/**
 * Counted from the fence: while the TTL is lowered and the lag waited down the source serves as always, and while
 * connections are drained both Regions do.
 */
function plannedFailover(config: ResolvedConfig): ScenarioBudget {
  const ttlSeconds = Math.min(config.ttlSeconds, PLANNED_TTL_SECONDS);
  const moves = movesOf({ ...config, ttlSeconds }, false);
  return {
    scenario: 'planned',
    about: 'planned work, from the moment from which nobody may write',
    startedBy: 'manual',
    target: targetOf(config, 'plannedSeconds'),
    before: [fenceTerm(config, 'alive')],
    ...moves,
    promotion: moves.promotion.length === 0 ? [] : [lastLagTerm(config), ...moves.promotion],
  };
}

/** Nothing decides, fences or promotes: DNS leaves by itself. */
function byEndpoint(config: ResolvedConfig, scenario: string, about: string): ScenarioBudget {
  return {
    scenario,
    about,
    startedBy: 'Route 53',
    target: targetOf(config, 'regionFailureSeconds'),
    before: [ENDPOINT_DETECTION],
    promotion: [],
    answers: propagationTerms(config),
    promotionAndAnswers: 'side-by-side',
  };
}

function movesOf(
  config: ResolvedConfig,
  targetIsOut: boolean,
): Pick<ScenarioBudget, 'promotion' | 'answers' | 'promotionAndAnswers'> {
  const answers: readonly BudgetTerm[] = switchTerms(config, targetIsOut);
  const promotionAndAnswers = config.failover.shiftAfterPromotion ? 'one-after-the-other' : 'side-by-side';
  return { promotion: promotionTerms(config), answers, promotionAndAnswers };
}

/** Nothing is promised of what does not start by itself. */
function automatically(config: ResolvedConfig, field: RtoTarget): Pick<ScenarioBudget, 'startedBy' | 'target'> {
  return { startedBy: 'automatic', target: config.automation.enabled ? targetOf(config, field) : null };
}

function targetOf({ targets }: ResolvedConfig, field: RtoTarget): NonNullable<ScenarioBudget['target']> {
  return { field, seconds: targets[field] };
}
