import type { ObserverReport } from '../health/report.ts';
import type { ApplicationState } from '../operation/application-state.ts';
import type { ParityRecord } from '../parity/parity-record.ts';
import type { Decision, PastDecision } from './outcome.ts';

/** Everything the coordination table holds about the application, read at once and strongly consistent. */
export interface Situation {
  readonly state: ApplicationState;
  readonly reports: readonly ObserverReport[];
  /** The last verdict that differed from the one before. */
  readonly decision: Decision | undefined;
  /** What was compared between Regions, by target; no verdict rests on it. */
  readonly parity: readonly ParityRecord[];
}

/** A situation as far as a verdict is drawn from it. */
export type DecisionSituation = Omit<Situation, 'parity'>;

/** A situation as far as a verdict rests on it. */
export interface PastSituation extends Omit<DecisionSituation, 'decision'> {
  readonly decision?: PastDecision | undefined;
}
