import type { Forwarder } from './config/load-balancers.ts';
import type { ScaleTarget } from './config/scaling-section.ts';

/** Replication into a Region, as last measured. */
export interface LagReading {
  readonly seconds: number;
  readonly measuredAtEpochMs: number;
}

/** Where the data tier stands. */
export interface DataTierStatus {
  /** The Region that the data tier itself calls the writer; `null` while it moves. */
  readonly writerRegion: string | null;
  /** The Region it is moving to. */
  readonly movingTo: string | null;
  /** Regions whose copy the data tier itself calls connected to the writer. @default - it does not say */
  readonly connected?: readonly string[];
}

/** What is asked of the data tier. */
export interface PromotionRequest {
  readonly target: string;
  /** `switchover` loses nothing and needs both sides; `failover` accepts the loss. */
  readonly mode: 'switchover' | 'failover';
  /** The operation that asks: the same one asks for the same thing. */
  readonly operationId?: string;
  /** Since when the former writer is fenced, epoch ms; undefined where it is not. */
  readonly fencedAtEpochMs?: number;
}

/** How the copies of the data stand. */
export interface DataCopies {
  status(): Promise<DataTierStatus>;
  /**
   * The newest measurement of the last `LAG_LOOKBACK_HOURS`; undefined where there is none.
   *
   * @param source the Region that is copied; some data tiers publish by pairs of Regions
   */
  replicationLag(target: string, source?: string): Promise<LagReading | undefined>;
  /** Why the copy in that Region could not take over now, each in words; looked at before anything is changed. */
  obstacles(target: string): Promise<readonly string[]>;
}

/** What has to be promoted. */
export interface DataTier extends DataCopies {
  /** Asks for the writer to move. Resolves when the request is accepted, which is the point of no return. */
  promote(request: PromotionRequest): Promise<void>;
}

/** How much of something there is. */
export interface Size {
  /** How much was asked for. */
  readonly desired: number;
  /** How much runs. */
  readonly running: number;
}

/** What grows in the Region of the operation. */
export interface Scaling {
  sizeOf(target: ScaleTarget): Promise<Size>;
  /** Asks for its `desired`; only where less is asked for now. Resolves when the request is accepted. */
  raise(target: ScaleTarget, operationId: string): Promise<void>;
}

/** What stands in front of the Regions besides DNS. Setting what is set already changes nothing. */
export interface LoadBalancers {
  /** Gives the target groups of a forward action these weights, by ARN. */
  setWeights(forwarder: Forwarder, weights: Readonly<Record<string, number>>): Promise<'changed' | 'unchanged'>;
  /** Turns the traffic dial of an endpoint group, percent: a call to a control plane in us-west-2. */
  setDial(endpointGroupArn: string, percent: number): Promise<'changed' | 'unchanged'>;
}
