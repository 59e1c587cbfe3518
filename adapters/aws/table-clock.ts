import { COUNTERS } from '../../core/counters.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { ClientSettings, InstrumentedClient } from './clients.ts';

/**
 * How far a clock may be off before it is set, ms. A `Date` header is cut to the second, and it may have been written at
 * any moment of a call of at most two: taken together less than this, so that a clock that runs true is never set.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-6.6.1 (Date) and #section-5.6.7 (whole seconds)
 */
const TOLERANCE_MS = 2_000;
/** A slower answer says too little about now; a process that was frozen meanwhile makes any answer slow. */
const SLOWEST_ANSWER_MS = 2_000;
const HALF_A_SECOND_MS = 500;

/** A clock that is set by the answers of the coordination table. */
export interface TableClock extends Clock {
  /** Settings of clients, of which those of DynamoDB set it: nothing but the coordination table is asked there. */
  setBy(settings?: ClientSettings): ClientSettings;
}

/** When a call was sent and answered, by the local clock, and what the answer says. */
interface Answer {
  readonly sentAtEpochMs: number;
  readonly receivedAtEpochMs: number;
  readonly date: string | undefined;
}

/**
 * Keeps time for every function: all go by one clock, the coordination table's. A machine whose own clock is off would
 * date its verdicts and leases, and judge those of others, by a time that nobody shares. Before its first answer the
 * clock is the local one. The SDK corrects its clock too, but for signatures alone, and only where a service would refuse them.
 */
export function createTableClock(local: Clock, telemetry: Pick<Telemetry, 'count'>): TableClock {
  let aheadMs = 0;
  const hear = (answer: Answer): void => {
    const seenMs = aheadBy(answer);
    if (seenMs === undefined || Math.abs(seenMs - aheadMs) <= TOLERANCE_MS) return;
    aheadMs = Math.abs(seenMs) <= TOLERANCE_MS ? 0 : seenMs;
    telemetry.count(COUNTERS.clockSet, 1);
  };
  return {
    nowEpochMs: () => local.nowEpochMs() - aheadMs,
    sleep: local.sleep,
    setBy: ({ instrument } = {}) => ({
      instrument: (client, made) => {
        instrument?.(client, made);
        if (made.service === 'dynamodb') listen(client, local, hear);
      },
    }),
  };
}

/** How far the local clock is ahead of the one that wrote the date, ms; undefined where the answer does not tell. */
function aheadBy({ sentAtEpochMs, receivedAtEpochMs, date = '' }: Answer): number | undefined {
  const dateEpochMs = Date.parse(date);
  const tookMs = receivedAtEpochMs - sentAtEpochMs;
  if (Number.isNaN(dateEpochMs) || tookMs < 0 || tookMs > SLOWEST_ANSWER_MS) return undefined;
  return sentAtEpochMs + tookMs / 2 - (dateEpochMs + HALF_A_SECOND_MS);
}

/** What the SDK hands back of a call, as far as it is looked into here. */
interface Handled {
  readonly response?: { readonly headers?: Readonly<Record<string, string | undefined>> };
}
type Handler = (args: unknown) => Promise<Handled>;

/** Below the retries, so that every attempt counts by itself. What the caller gets, and when, stays as it is. */
function listen(client: InstrumentedClient, local: Clock, hear: (answer: Answer) => void): void {
  const stack = client.middlewareStack as unknown as { addRelativeTo(middleware: unknown, options: unknown): void };
  const middleware = (next: Handler) => (args: unknown) => {
    const sentAtEpochMs = local.nowEpochMs();
    const answering = next(args);
    answering.then(
      ({ response }) =>
        hear({ sentAtEpochMs, receivedAtEpochMs: local.nowEpochMs(), date: response?.headers?.['date'] }),
      // Who calls gets the failure; it tells no time.
      () => undefined,
    );
    return answering;
  };
  stack.addRelativeTo(middleware, { name: 'tableClock', relation: 'after', toMiddleware: 'retryMiddleware' });
}
