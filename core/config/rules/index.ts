import type { Problem } from '../../errors.ts';
import { type CrossFieldRule, findings } from '../cross-field-rule.ts';
import type { ParsedConfig } from '../types.ts';
import { alarmRules } from './alarms.ts';
import { checkKindRules } from './check-kinds.ts';
import { checkRules } from './checks.ts';
import { coordinationRules } from './coordination.ts';
import { dataRules } from './data.ts';
import { loadBalancerRules } from './load-balancers.ts';
import { parityRules } from './parity.ts';
import { presetRules } from './presets.ts';
import { reconcileRules } from './reconcile.ts';
import { recordRules } from './records.ts';
import { regionRules } from './regions.ts';
import { route53Rules } from './route53.ts';

/** Every rule across fields. */
export const CROSS_FIELD_RULES: readonly CrossFieldRule[] = [
  ...regionRules,
  ...presetRules,
  ...coordinationRules,
  ...recordRules,
  ...route53Rules,
  ...checkRules,
  ...checkKindRules,
  ...dataRules,
  ...loadBalancerRules,
  ...reconcileRules,
  ...alarmRules,
  ...parityRules,
];

/** What is wrong across the sections that are themselves well-formed. */
export function judgeCrossFields(sections: Partial<ParsedConfig>): readonly Problem[] {
  return CROSS_FIELD_RULES.filter(({ needs }) => needs.every((section) => section in sections)).flatMap((rule) =>
    findings(rule, sections as ParsedConfig),
  );
}
