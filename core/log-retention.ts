/** How long the access logs of guardian buckets are kept, days: as long as the functions' own logs. */
export const ACCESS_LOG_DAYS = 90;
/** How long plans of reconciliations and their reports are kept, days: until the year's drills are compared. */
export const PLAN_DAYS = 365;
