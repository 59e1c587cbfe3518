import type { EventOutcome } from '../../core/operation/operation-record.ts';
import type { AnswerShare } from '../world/dns.ts';
import type { Percentiles } from '../world/load/recovery-meter.ts';

/** Version of the document; docs/rehearsal-result.md describes it. */
export const SCHEMA_VERSION = 1;

/** Durations of a failover's phases, seconds; `null` for one that did not happen. */
export interface Phases {
  readonly detect: number | null;
  readonly decide: number | null;
  readonly validate: number | null;
  readonly fence: number | null;
  readonly promote: number | null;
  readonly scale: number | null;
  readonly shift: number | null;
  readonly answers: number | null;
  readonly traffic: number | null;
}

/** The time in which a failover let nobody write: from the beginning of its fence to the first commit in the target. */
export interface WriteInterruption {
  /** Seconds of the rehearsal. */
  readonly fromSeconds: number | null;
  readonly seconds: number | null;
  /** Writes that failed in it. */
  readonly refused: number | null;
  /** Writes that failed before or after it. */
  readonly outside: number | null;
}

/** The failover that the run is about. */
export interface FailoverResult {
  readonly status: string;
  readonly source: string | null;
  readonly target: string | null;
  readonly ruleId: string | null;
  readonly epoch: number | null;
  /** From the fault to the first authoritative answer that differs. */
  readonly firstChangedAnswerSeconds: number | null;
  readonly rtoSeconds: Percentiles;
  readonly overCaching: Percentiles;
  readonly keptAlive: Percentiles;
  readonly rpoSeconds: number | null;
  readonly phases: Phases;
  readonly writeInterruption: WriteInterruption;
  readonly requests: { readonly total: number | null; readonly failed: number | null };
}

/** A rung that was baked to its end. */
export interface RungResult {
  readonly percent: number;
  /** Of requests in the last five minutes of the bake, 0 to 1. */
  readonly observedShare: number | null;
  readonly bakedSeconds: number;
}

/** How a failback put traffic back; `null` where it did not. */
export interface RetreatResult {
  /** The look that found the rung unsound, or the step that took back otherwise; seconds of the rehearsal. */
  readonly atSeconds: number | null;
  /** From there until the last request of a client that honours the TTL in the returning Region. */
  readonly lastRequestAfterSeconds: number | null;
}

/** The first failback of the run. */
export interface FailbackResult {
  readonly status: string;
  readonly durationSeconds: number | null;
  readonly rungs: readonly RungResult[];
  readonly retreat: RetreatResult;
}

/** An operation as its record tells it; times in seconds of the rehearsal. */
export interface OperationResult {
  readonly operationId: string;
  readonly kind: string;
  readonly status: string;
  readonly epoch: number;
  readonly source: string;
  readonly target: string;
  readonly mode: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly openedAtSeconds: number;
  readonly endedAtSeconds: number | null;
  readonly states: readonly { readonly atSeconds: number; readonly state: string }[];
  readonly events: readonly {
    readonly atSeconds: number;
    readonly step: string;
    readonly outcome: EventOutcome;
    readonly detail: Readonly<Record<string, unknown>>;
  }[];
}

/** An expectation and whether it held; `found` says what was there instead. */
export interface JudgedExpectation {
  readonly text: string;
  readonly held: boolean;
  readonly found?: unknown;
}

/** The one document of a rehearsal; docs/rehearsal-result.md describes every field. */
export interface RehearsalResult {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly scenario: string;
  readonly seed: number;
  readonly passed: boolean;
  readonly virtualSeconds: number;
  readonly wallSeconds: number;
  readonly failover: FailoverResult;
  readonly failback: FailbackResult;
  readonly operations: readonly OperationResult[];
  readonly answers: {
    readonly before: readonly AnswerShare[];
    readonly afterFailover: readonly AnswerShare[];
    readonly afterFailback: readonly AnswerShare[];
    readonly atEnd: readonly AnswerShare[];
  };
  readonly decisions: readonly {
    readonly atSeconds: number;
    readonly subject: string;
    readonly outcome: string;
    readonly ruleId: string;
    readonly closedGate: string | null;
    readonly reason: string;
  }[];
  readonly notifications: readonly {
    readonly atSeconds: number;
    readonly region: string;
    readonly channel: string;
    readonly subject: string;
    readonly text: string;
  }[];
  readonly world: WorldFacts;
  readonly expectations: readonly JudgedExpectation[];
}

/** The world as it stands at the end, and what was counted on the way. */
export interface WorldFacts {
  readonly activeRegion: string | null;
  readonly writerRegion: string | null;
  readonly phase: string | null;
  readonly evacuated: readonly string[];
  readonly healthy: readonly string[];
  readonly recordsPending: boolean;
  /** When the records last came to say what the state says. */
  readonly recordsWrittenAtSeconds: number | null;
  /** Observers whose reports have called a critical check failed. */
  readonly failedVerdictsBy: readonly string[];
  /** Checks that were known and came to be unknown to every observer, and how often. */
  readonly lostFromSight: readonly { readonly region: string; readonly check: string; readonly times: number }[];
  /** Members of the coordination table that hold together; `null` where that is not known. */
  readonly coordinationMembers: readonly string[] | null;
  /** Epoch of the newest commit. */
  readonly lastCommitEpoch: number | null;
  /** When writes were committed in a Region under an epoch, in order of the first. */
  readonly commits: readonly {
    readonly region: string;
    readonly epoch: number;
    readonly firstAtSeconds: number;
    readonly lastAtSeconds: number;
  }[];
  /** Writes that processes of a Region had kept and wanted to commit later; zero where the scenario has none. */
  readonly queuedWrites: { readonly tried: number; readonly committed: number };
  /** Calls of the AWS API that came late, as if their sender had been paused; `outcome`: `done` or the error's name. */
  readonly lateCalls: readonly {
    readonly service: string;
    readonly operation: string;
    readonly atSeconds: number;
    readonly outcome: string;
  }[];
  readonly answersChanged: boolean;
  /** Regions that the location answered with at some moment between the failover and the failback. */
  readonly answeredMeanwhile: readonly string[];
  readonly requests: {
    readonly total: number;
    readonly failed: number;
    readonly failedReads: number;
    readonly lastResort: number;
  };
  /** The zone's weighted records and its epoch record, as the API lists them. */
  readonly records: readonly {
    readonly name: string;
    readonly setIdentifier: string | null;
    readonly weight: number | null;
    readonly value: string | null;
  }[];
  readonly apiCalls: Readonly<Record<string, number>>;
  /** `null` where the config says nothing of reconciliation. */
  readonly data: DataFacts | null;
  /** `null` where the application is alone. */
  readonly fleet: FleetFacts | null;
}

/** The tables of both Regions at the end, by the tables themselves. */
export interface DataFacts {
  readonly entities: readonly {
    readonly name: string;
    /** Rows that are not the same everywhere. */
    readonly differing: number;
    /** Rows that a reconciliation wrote or deleted, in any Region, and those among them that it had written there before. */
    readonly written: number;
    readonly writtenAgain: number;
    /** Versions that were kept when another one took their place. */
    readonly audited: number;
  }[];
  /** Starts of the machine that reconciles. */
  readonly machines: number;
}

/** What became of a fleet, by the world and by its members' records. */
export interface FleetFacts {
  readonly applications: number;
  /** How the newest operation of the fleet itself stands. */
  readonly status: string | null;
  /** Newest operations of the members, by how they stand. */
  readonly ends: Readonly<Record<string, number>>;
  /** Members with a fence on record, and those that had it when the fleet's switch was first written. */
  readonly fenced: number;
  readonly fencedBeforeFlip: number;
  readonly lastFencedAtSeconds: number | null;
  /** Writes of the fleet's switch, and of members' own. */
  readonly switchWrites: number;
  readonly ownSwitchWrites: number;
  readonly flippedAtSeconds: number | null;
  /** Members whose name leads nobody to the Region that was left, at any location. */
  readonly moved: number;
  readonly allMovedAtSeconds: number | null;
  /** From the first write of the switch until the last member has moved. */
  readonly switchSeconds: number | null;
  /** Members whose records say where they serve. */
  readonly recordsWritten: number;
  readonly recordsWrittenAtSeconds: number | null;
  /** Calls of the Route 53 API within any one minute. */
  readonly mostRoute53CallsInAMinute: number;
}
