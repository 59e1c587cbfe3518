import type { RegionConfig, ResolvedConfig } from '../../../core/config/types.ts';
import type { HttpAnswer, Ports, TrafficReading } from '../../../core/ports.ts';

/** Ports that probes look through. */
export type ProbePort = 'clock' | 'http' | 'tcp' | 'tls' | 'resolver' | 'metrics' | 'functions';

/** What one probe needs. */
export interface ProbeContext {
  /** Name of the check in the table. */
  readonly name: string;
  readonly config: Pick<ResolvedConfig, 'application' | 'record' | 'contract'>;
  readonly subject: RegionConfig;
  readonly ports: Pick<Ports, ProbePort>;
  /** Reads the subject's contract health document. */
  readonly document: () => Promise<HttpAnswer>;
  /** The subject's traffic, read once per round; undefined where the Region's metrics do not answer. */
  readonly traffic: () => Promise<TrafficReading | undefined>;
}

/** How long a probe may take, ms. */
export function timeoutMsOf({ timeoutSeconds }: { readonly timeoutSeconds: number }): number {
  return timeoutSeconds * 1000;
}
