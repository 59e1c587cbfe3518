import type { ObjectChange } from '../aws/s3.ts';
import type { Notification } from '../aws/sns.ts';
import type { Execution } from '../aws/states.ts';
import type { AlarmStateChangeEvent } from '../cloudwatch/alarms/state-change-event.ts';
import type { RequestOutcome } from './load/population.ts';
import type { CommittedWrite } from './load/service.ts';

/** Something that happened in the world, for whoever watches it. */
export type WorldEvent =
  /** A location may answer differently from now on. */
  | { readonly kind: 'answers'; readonly location: string; readonly nowMs: number }
  | { readonly kind: 'notification'; readonly notification: Notification }
  | { readonly kind: 'state-entered'; readonly execution: Execution; readonly state: string }
  /** A task has returned; so many of its calls changed something. */
  | { readonly kind: 'task-done'; readonly execution: Execution; readonly state: string; readonly effects: number }
  | { readonly kind: 'execution-ended'; readonly execution: Execution }
  /** An object of some bucket came or went. */
  | { readonly kind: 'objects'; readonly change: ObjectChange }
  /** Somebody called the Route 53 API. */
  | { readonly kind: 'route53-call' }
  /** An item of the coordination table was written. */
  | { readonly kind: 'item'; readonly item: Readonly<Record<string, unknown>> }
  /** An alarm took another state. */
  | { readonly kind: 'alarm'; readonly event: AlarmStateChangeEvent }
  /** Processes of a Region want to commit writes that they have kept. */
  | { readonly kind: 'queued-writes'; readonly region: string; readonly writes: number }
  /** What became of one of those. */
  | { readonly kind: 'queued-write'; readonly committed: boolean }
  | { readonly kind: 'request'; readonly outcome: RequestOutcome }
  | { readonly kind: 'commit'; readonly write: CommittedWrite };

/** Hands events on to whoever listens by then. */
export interface WorldEvents {
  emit(event: WorldEvent): void;
  listen(listener: (event: WorldEvent) => void): void;
}

export function createWorldEvents(): WorldEvents {
  const listeners: ((event: WorldEvent) => void)[] = [];
  return {
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    listen: (listener) => void listeners.push(listener),
  };
}
