import * as z from 'zod';

/** Longest rehearsal: seven days. */
const MOST_SECONDS = 7 * 86_400;

/** A moment, in seconds from the start. */
export const atSeconds = z.number().min(0).max(MOST_SECONDS);
export const untilSeconds = atSeconds.optional();
/** A Region id, or a role of the config: `primary`, `standby`, `standby[1]`, `vantage`. */
export const region = z.string().min(1);
