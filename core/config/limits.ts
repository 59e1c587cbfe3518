/** The longest wait that may follow a look at a rung, or at the traffic; an operation's lease outlives both. */
export const MOST_CHECK_SECONDS = 600;
export const MOST_VERIFY_INTERVAL_SECONDS = 300;
/** The longest that a fence hook may take: all run side by side, and the step that calls them is given 10 s. */
export const MOST_FENCE_HOOK_SECONDS = 5;
