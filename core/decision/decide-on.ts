import { applicationRegions } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { type Assessment, assess } from '../health/assess.ts';
import { writersDueAt } from '../operation/write-lease.ts';
import { decide } from './decide.ts';
import type { Decision } from './outcome.ts';
import type { DecisionSituation, PastSituation, Situation } from './situation.ts';

/** All that a verdict is a function of. */
export interface DecisionSight {
  readonly config: ResolvedConfig;
  readonly situation: DecisionSituation;
  readonly nowEpochMs: number;
}

/** What is known of a Region, from what the table holds. */
export function assessIn(
  config: ResolvedConfig,
  { state, reports }: Pick<Situation, 'state' | 'reports'>,
  { subject, nowEpochMs }: { readonly subject: string; readonly nowEpochMs: number },
): Assessment {
  return assess(config, { subject, reports, nowEpochMs, writersDueEpochMs: writersDueAt(state, subject) });
}

/** The verdict on the active Region, from what the coordination table holds at a moment. Pure and total. */
export function decideOn({
  config,
  situation,
  nowEpochMs,
}: Omit<DecisionSight, 'situation'> & { readonly situation: PastSituation }): Decision {
  const { state, decision: previous } = situation;
  const of = (subject: string): Assessment => assessIn(config, situation, { subject, nowEpochMs });
  const others = applicationRegions(config).filter((id) => id !== state.activeRegion);
  return decide({ config, assessment: of(state.activeRegion), others: others.map(of), state, previous, nowEpochMs });
}
