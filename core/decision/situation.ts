import type { ObserverReport } from '../health/report.ts';
import type { ApplicationState } from '../operation/application-state.ts';
import type { Decision } from './outcome.ts';

/** Everything the coordination table holds about the application, read at once and strongly consistent. */
export interface Situation {
  readonly state: ApplicationState;
  readonly reports: readonly ObserverReport[];
  /** The last verdict that differed from the one before. */
  readonly decision: Decision | undefined;
}
