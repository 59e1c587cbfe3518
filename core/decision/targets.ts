import { DECISION_TABLE } from './table.ts';

/** What the users of an application are promised of one failover, seconds. */
export interface Targets {
  /** Client-side RTO, p99 over clients that honour the TTL. */
  readonly rtoSeconds: number;
  /** Age of the oldest write that may be lost. */
  readonly rpoSeconds: number;
}

/** By the row that starts the failover; the RTO of a row is in the table (docs/decision.md). */
const RPO_SECONDS: Readonly<Record<string, number>> = { D200: 60, D210: 30, D220: 60, D230: 60 };

/** The targets of what a row starts; undefined where it starts nothing, and for a failover that a person starts. */
export function targetsOf(ruleId: string | null): Targets | undefined {
  const rtoSeconds = DECISION_TABLE.find(({ id }) => id === ruleId)?.estimatedRtoSeconds;
  const rpoSeconds = ruleId === null ? undefined : RPO_SECONDS[ruleId];
  return rtoSeconds == null || rpoSeconds === undefined ? undefined : { rtoSeconds, rpoSeconds };
}
