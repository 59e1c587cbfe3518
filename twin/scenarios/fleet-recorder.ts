import { itemKeys } from '../../adapters/aws/dynamodb-expressions.ts';
import { parseEndpoint } from '../../core/config/endpoint.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import { findEvent, type OperationRecord } from '../../core/operation/operation-record.ts';
import { DNS_LOCATIONS, exactAnswers } from '../world/dns.ts';
import type { World } from '../world/world.ts';
import type { WorldEvent } from '../world/world-events.ts';

/** What was seen of a fleet while a scenario ran; times in epoch ms. */
export interface FleetSight {
  readonly applications: number;
  /** The newest operation of the fleet itself. */
  operation(): OperationRecord | undefined;
  /** Writes of the fleet's switch. */
  readonly switchWrites: readonly { readonly atMs: number; readonly bucket: string }[];
  /** Writes of members' own switches. */
  readonly ownSwitchWrites: readonly { readonly atMs: number; readonly key: string }[];
  /** When each member's fence came on record. */
  readonly fencedAt: ReadonlyMap<string, number>;
  /** When a member's name no longer led anybody to the Region that the fleet left, at any location. */
  readonly movedAt: ReadonlyMap<string, number>;
  /** Members whose failover ended, by how. */
  ends(): Readonly<Record<string, number>>;
  /** When the records of each member came to say where it serves. */
  recordsWrittenAt(): ReadonlyMap<string, number>;
  /** Whether any member has something left to do. */
  isBusy(): boolean;
}

/** Watches the fleet of a world; undefined where the application is alone. */
export function recordFleet(world: World): FleetSight | undefined {
  const { fleet } = world;
  if (fleet === undefined) return undefined;
  const { pilot, members, fleet: own } = fleet.plan;
  const everybody = [pilot, ...members];
  const known = new Set(everybody.map(({ application }) => application));
  const fleetName = names.fleetApplication(own.fleet);
  const states = new Map<string, ApplicationState>();
  const records = new Map<string, OperationRecord>();
  const fencedAt = new Map<string, number>();
  const switchWrites: { atMs: number; bucket: string }[] = [];
  const ownSwitchWrites: { atMs: number; key: string }[] = [];
  let operation: OperationRecord | undefined;
  const moves = watchMoves(world, everybody);

  const onItem = (item: Readonly<Record<string, unknown>>): void => {
    const application = String(item['application']);
    const isOperation = String(item['item']).startsWith(itemKeys.operationPrefix);
    const record = item as unknown as OperationRecord;
    if (isOperation && application === fleetName) operation = record;
    if (!known.has(application)) return;
    if (item['item'] === itemKeys.state) states.set(application, item as unknown as ApplicationState);
    if (!isOperation) return;
    records.set(application, record);
    const fence = findEvent(record, 'fence-source', 'done');
    if (fence !== undefined && !fencedAt.has(application)) fencedAt.set(application, world.clock.worldNow());
  };
  world.events.listen((event: WorldEvent) => {
    if (event.kind === 'item') onItem(event.item);
    if (event.kind === 'answers') moves.look(event.location, event.nowMs);
    if (event.kind !== 'objects' || event.change.is !== 'put') return;
    const { bucket, key } = event.change;
    const atMs = world.clock.worldNow();
    if (!key.startsWith('fleet/')) ownSwitchWrites.push({ atMs, key });
    else {
      switchWrites.push({ atMs, bucket });
      moves.begin(key.slice('fleet/'.length));
    }
  });
  return {
    applications: everybody.length,
    operation: () => operation,
    switchWrites,
    ownSwitchWrites,
    fencedAt,
    movedAt: moves.movedAt,
    ends: () => {
      const counts: Record<string, number> = {};
      for (const { status } of records.values()) counts[status] = (counts[status] ?? 0) + 1;
      return counts;
    },
    recordsWrittenAt: () =>
      new Map(
        [...states].flatMap(([application, { recordsPending, recordsWrittenAtEpochMs: at }]) =>
          recordsPending || at === null ? [] : [[application, at] as const],
        ),
      ),
    isBusy: () =>
      operation?.status === 'RUNNING' ||
      [...states.values()].some(({ recordsPending, weightsPending }) => recordsPending || weightsPending),
  };
}

interface Moves {
  readonly movedAt: ReadonlyMap<string, number>;
  /** From now on a Region is being left. */
  begin(source: string): void;
  /** Answers of a location may have changed. */
  look(location: string, atMs: number): void;
}

/** Looks at every member's own name, at every location, whenever answers there may have changed, until it has moved. */
function watchMoves({ route53, clock }: World, everybody: readonly ResolvedConfig[]): Moves {
  const movedAt = new Map<string, number>();
  const left = new Map<string, Set<string>>();
  let source: string | undefined;
  let scheduled = new Set<string>();
  const isLeft = (config: ResolvedConfig, location: string, nowMs: number): boolean => {
    const region = config.regions.find(({ id }) => id === source);
    const host = region === undefined ? '' : parseEndpoint(region.endpoint).host;
    return exactAnswers(route53, config, { location, nowMs }).every(({ value }) => value !== host);
  };
  const judge = (location: string, nowMs: number): void => {
    for (const config of everybody) {
      if (movedAt.has(config.application)) continue;
      const locations = left.get(config.application) ?? new Set();
      left.set(config.application, locations);
      if (isLeft(config, location, nowMs)) locations.add(location);
      else locations.delete(location);
      if (locations.size === DNS_LOCATIONS.length) movedAt.set(config.application, nowMs);
    }
  };
  return {
    movedAt,
    begin: (region) => {
      source ??= region;
    },
    look: (location, atMs) => {
      if (source === undefined || movedAt.size === everybody.length || scheduled.has(location)) return;
      scheduled.add(location);
      // Once for all changes of a moment.
      clock.queue.at(atMs, (nowMs) => {
        scheduled = new Set([...scheduled].filter((other) => other !== location));
        judge(location, nowMs);
      });
    },
  };
}
