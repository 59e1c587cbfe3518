import type { RecordType } from '../../../core/routing/record-set.ts';
import type { ZoneEntry } from './zone-index.ts';

/** What a DNS query asks for. */
export interface Question {
  /** Any spelling; compared without regard to case, trailing dot and escape codes. */
  readonly name: string;
  readonly type: RecordType;
}

/** `NXDOMAIN`: the name does not exist. `REFUSED`: it is not a name of this zone. */
export type ResponseCode = 'NOERROR' | 'NXDOMAIN' | 'REFUSED';

/** A CNAME on the way to the answer. */
export interface CnameStep {
  readonly owner: string;
  readonly target: string;
  readonly ttlSeconds: number;
}

/** A record set at the end of the way, or an alias whose target lies outside the zone. */
export interface Leaf {
  readonly entry: ZoneEntry;
  /** `name/setIdentifier` from the question to this record set. */
  readonly path: readonly string[];
  /** The values as the zone writes them; for an outside alias the target's DNS name. */
  readonly values: readonly string[];
  readonly ttlSeconds: number;
}

/** One thing that may happen to a question. */
export interface Outcome {
  readonly probability: number;
  readonly rcode: ResponseCode;
  /** The name that the answered records stand under: the question's, or that of the last CNAME. */
  readonly owner: string;
  /** `take` of these are in the answer, drawn evenly; none for a negative answer. */
  readonly from: readonly Leaf[];
  readonly take: number;
  readonly cnames: readonly CnameStep[];
  /** The servers that the name is delegated to; the answer is a referral then. */
  readonly delegation?: readonly ZoneEntry[];
}

/** Everything that may happen to one question of one client; the probabilities sum to 1. */
export interface Distribution {
  readonly question: Question;
  readonly outcomes: readonly Outcome[];
  /** Seconds for which a negative answer may be kept. */
  readonly negativeTtlSeconds: number;
}
