/**
 * Who asks, as Route 53 sees it: the location that the resolver's address, or the client subnet it passes on, maps to,
 * and the latency from there to each AWS Region. What is left out is unknown to Route 53.
 */
export interface DnsClient {
  /** Two letters, as in `GeoLocation.ContinentCode`; derived from the country where left out. */
  readonly continent?: string;
  readonly country?: string;
  /** A state of the United States. */
  readonly subdivision?: string;
  /** Milliseconds by AWS Region. */
  readonly latencyMs?: Readonly<Record<string, number>>;
}

/** A client whose address maps to no location: only a default (`*`) geolocation record set answers it. */
export const UNKNOWN_CLIENT: DnsClient = {};
