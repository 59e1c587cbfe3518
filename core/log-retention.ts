/** How long the access logs of guardian buckets are kept, days: as long as the functions' own logs. */
export const ACCESS_LOG_DAYS = 90;
