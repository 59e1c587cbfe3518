/** What one health checker holds of an endpoint: its status, and how many observations in a row contradict it. */
export interface CheckerState {
  readonly healthy: boolean;
  readonly contradictions: number;
}

/** A checker that has not seen enough to judge: healthy, until as many failures in a row as the threshold asks for. */
export const NEW_CHECKER: CheckerState = { healthy: true, contradictions: 0 };

/**
 * One more observation. The status changes, in either direction, after `threshold` observations in a row against it
 * (API_HealthCheckConfig, `FailureThreshold`).
 */
export function observe(state: CheckerState, passed: boolean, threshold: number): CheckerState {
  if (passed === state.healthy) return state.contradictions === 0 ? state : { ...state, contradictions: 0 };
  const contradictions = state.contradictions + 1;
  return contradictions >= threshold
    ? { healthy: passed, contradictions: 0 }
    : { healthy: state.healthy, contradictions };
}
