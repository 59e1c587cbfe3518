import type { Check } from './config/checks.ts';
import { COUNTERS, type Counter } from './counters.ts';

/** Failures that nobody else gets to see, and the page that says what to do about each. */
export const OPERATION_FAILURES: readonly {
  readonly id: string;
  readonly counter: Counter;
  readonly what: string;
  readonly page: string;
}[] = [
  {
    id: 'StartFailed',
    counter: COUNTERS.startFailed,
    what: 'A failover was decided on and its machine could not be started',
    page: 'failover-not-started',
  },
  {
    id: 'StartExhausted',
    counter: COUNTERS.startExhausted,
    what: 'A failover was decided on and every execution of it has ended without opening an operation',
    page: 'failover-not-started',
  },
  {
    id: 'NotificationFailed',
    counter: COUNTERS.notificationFailed,
    what: 'A person should have been asked and the message was not sent',
    page: 'notification-failed',
  },
];

/** How each kind of metric check becomes an alarm: on what, over which metrics of a minute, and what to do about it. */
export const TRAFFIC_ALARMS = {
  'error-rate': { id: 'ErrorRate', value: 'errors / requests', over: ['requests', 'errors'], runbook: 'error-rate' },
  'p95-milliseconds': { id: 'ResponseTime', value: 'p95', over: ['requests', 'p95'], runbook: 'response-time' },
} as const satisfies Readonly<Record<Extract<Check, { kind: 'metric' }>['metric'], object>>;

/** Alarms on our own work in an application Region that watch no counter: the observer that does not run. */
export const OTHER_OPERATION_ALARMS = 1;

/** Alarms on the queue of waiting writes in an application Region, where there is one. */
export const WRITE_BUFFER_ALARMS = 1;
