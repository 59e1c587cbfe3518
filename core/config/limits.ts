/** The longest wait that may follow a look at a rung, or at the traffic; an operation's lease outlives both. */
export const MOST_CHECK_SECONDS = 600;
export const MOST_VERIFY_INTERVAL_SECONDS = 300;
