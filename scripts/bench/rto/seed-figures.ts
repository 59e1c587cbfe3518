import type { Phases } from '../../../twin/scenarios/result-document.ts';
import { clientKinds } from '../../../twin/world/load/population.ts';
import { createRecoveryMeter, type RecoveryMeter } from '../../../twin/world/load/recovery-meter.ts';
import type { World } from '../../../twin/world/world.ts';

/** What one way of failing over did for the clients in one seed. */
export interface ClientFigures {
  /** Of each client that honours the TTL: from the fault to its first success that no failure follows, seconds. */
  readonly clientRtoSeconds: readonly number[];
}

/** Our failover in one seed. */
export interface OurFigures extends ClientFigures {
  /** `SUCCEEDED`, or how it ended instead. */
  readonly status: string;
  /** From the fault to the first authoritative answer that differs, seconds. */
  readonly firstChangedAnswerSeconds: number | null;
  readonly phases: Phases;
  /** Invariants of the twin that did not hold. */
  readonly broken: readonly string[];
}

/** Both ways on one seed. */
export interface SeedFigures {
  readonly seed: number;
  readonly ours: OurFigures;
  readonly plainRoute53: ClientFigures;
}

/** When the Region goes dark, seconds into the story: as in the scenario `region-outage`, so that it replays the seed. */
export const FAULT_AT_SECONDS = 600;
/**
 * When clients are asked how long they suffered, seconds into the story: minutes after the slowest promotion that any
 * alarm can have started, so that a recovery which does not last is seen as none.
 */
export const MEASURED_AT_SECONDS = FAULT_AT_SECONDS + 420;

/** Measures from now on what the clients of a world suffer of a fault. */
export function meterOf(world: World, faultAtMs: number): RecoveryMeter {
  const meter = createRecoveryMeter(clientKinds(), faultAtMs);
  world.events.listen((event) => {
    if (event.kind === 'request') meter.observe(event.outcome);
  });
  return meter;
}

/** What the clients that honour the TTL have suffered by now. */
export function clientFigures(meter: RecoveryMeter, nowMs: number): ClientFigures {
  return { clientRtoSeconds: meter.outages('honours-ttl', nowMs) };
}
