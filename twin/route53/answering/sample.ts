import type { RecordType } from '../../../core/routing/record-set.ts';
import type { CnameStep, Distribution, Leaf, Outcome, ResponseCode } from './distribution.ts';
import type { ZoneEntry } from './zone-index.ts';

/** One value of one answer. */
export interface AnsweredValue {
  /** As the zone writes it; for an alias to a target outside the zone the target's DNS name. */
  readonly value: string;
  /** That of the record set: a CNAME may answer a question for an address. */
  readonly type: RecordType;
  readonly setIdentifier: string | undefined;
  readonly path: readonly string[];
  /** True where `value` is the DNS name of an alias target outside the zone. */
  readonly isAliasTarget: boolean;
  readonly ttlSeconds: number;
}

/** What one query got. */
export interface DnsAnswer {
  readonly rcode: ResponseCode;
  /** The name that the values stand under. */
  readonly owner: string;
  /** Empty for `NXDOMAIN`, NODATA, a referral and a refusal. */
  readonly values: readonly AnsweredValue[];
  readonly cnames: readonly CnameStep[];
  /** Seconds for which the answer may be kept: the least of its records, or the negative TTL where it has none. */
  readonly ttlSeconds: number;
  readonly delegation?: readonly ZoneEntry[];
}

/** Draws answers by their probability. Built once per distribution, then cheap per draw. */
export interface Sampler {
  /** @param random uniform in [0, 1), called once, and once more per value drawn from a larger multivalue group */
  draw(random: () => number): DnsAnswer;
}

interface Ready {
  readonly upTo: number;
  readonly outcome: Outcome;
  /** The answer where it needs no further draw. */
  readonly answer: DnsAnswer | undefined;
}

/** Prepares a distribution for drawing. Every draw that is not a multivalue subset returns one shared, frozen-in answer. */
export function createSampler({ outcomes, negativeTtlSeconds }: Distribution): Sampler {
  let upTo = 0;
  const ready: readonly Ready[] = outcomes.map((outcome) => {
    upTo += outcome.probability;
    const whole = outcome.take === outcome.from.length;
    return { upTo, outcome, answer: whole ? toAnswer(outcome, outcome.from, negativeTtlSeconds) : undefined };
  });
  const last = ready.at(-1);
  if (last === undefined) throw new RangeError('a distribution without outcomes cannot be sampled');
  return {
    draw: (random) => {
      const drawn = random();
      // Rounding may leave the sum a hair under 1; what is above belongs to the last outcome.
      const { outcome, answer } = ready.find((candidate) => drawn < candidate.upTo) ?? last;
      return answer ?? toAnswer(outcome, drawSome(outcome.from, outcome.take, random), negativeTtlSeconds);
    },
  };
}

/** `take` different leaves, every set of that size equally likely (Fisher–Yates, stopped early). */
function drawSome(from: readonly Leaf[], take: number, random: () => number): readonly Leaf[] {
  const pool = [...from];
  return Array.from({ length: take }, () => pool.splice(Math.floor(random() * pool.length), 1)).flat();
}

function toAnswer(outcome: Outcome, leaves: readonly Leaf[], negativeTtlSeconds: number): DnsAnswer {
  const ttls = [...outcome.cnames, ...leaves].map(({ ttlSeconds }) => ttlSeconds);
  return {
    rcode: outcome.rcode,
    owner: outcome.owner,
    values: leaves.flatMap(toValues),
    cnames: outcome.cnames,
    ttlSeconds: leaves.length === 0 ? negativeTtlSeconds : Math.min(...ttls),
    ...(outcome.delegation === undefined ? {} : { delegation: outcome.delegation }),
  };
}

function toValues({ entry, path, values, ttlSeconds }: Leaf): readonly AnsweredValue[] {
  const { SetIdentifier: setIdentifier, AliasTarget, Type: type } = entry.recordSet;
  return values.map((value) => ({
    value,
    type,
    setIdentifier,
    path,
    isAliasTarget: AliasTarget !== undefined,
    ttlSeconds,
  }));
}
