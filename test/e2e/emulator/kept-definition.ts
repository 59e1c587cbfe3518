/** Folder of the parameters that keep what the emulator drops of an alarm (its metrics). */
export const KEPT_ALARMS = '/local-gaps/alarms';
/** Folder of those that keep what it drops of a calculated health check (its children). */
export const KEPT_HEALTH_CHECKS = '/local-gaps/health-checks';
