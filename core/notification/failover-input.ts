/** A failover that a person may start. */
export interface OfferedFailover {
  readonly application: string;
  readonly source: string;
  readonly target: string;
  readonly reason: string;
}

/** The input of a failover for a person to paste, once their name is in it. */
export function mayStart(failover: OfferedFailover): Readonly<Record<string, string>> {
  return { ...failover, mode: 'manual', requestedBy: '<your name>', approval: 'none' };
}
