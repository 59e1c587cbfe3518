import { type ErrorDetails, SwitchyardError } from '../errors.ts';

/**
 * Names of the errors that steps throw and machines catch. A machine knows an error by its name alone, so the name is
 * written here once: thrown from here, caught by it in state-machines/*.asl.json.
 */
export const ERROR_NAMES = [
  /** The machine's input is malformed; every problem is in the message. */
  'InvalidInputError',
  /** The operation may not begin: somebody else holds the application, or its state does not fit. */
  'OperationRefusedError',
  /** Another operation has taken the application over; this one must not touch anything any more. */
  'OperationLostError',
  /** The Region that serves during a failback has itself failed; a failover takes over. */
  'CurrentRegionFailedError',
  /** It is not clear yet whether the Region that serves during a failback still does; a moment later it is. */
  'CurrentRegionUnclearError',
  /** The data writer is on its way to another Region, and what comes next depends on where it arrives. */
  'WriterUnderWayError',
  /** Planned work could not be prepared in time: the TTL is not in force everywhere, or the lag does not come down. */
  'NotPreparedError',
  /** The target was ready when the operation began, and is no longer where something is about to be changed. */
  'TargetNotReadyError',
  /** An operation is about to end with nothing changed, and the right to write is with nobody: another one took it and died. */
  'NobodyWritesError',
  /** A person said no. */
  'ApprovalDeclinedError',
  /** A step that comes after the fence was asked for without one; nothing was changed by it. */
  'FenceMissingError',
  /** A required fence hook failed; nothing was promoted. */
  'FenceHookFailedError',
  /** The data tier refused the promotion; nothing was promoted. */
  'PromotionRefusedError',
  /** The copy in the target is not known to hold everything that was written before the fence; a minute later it is. */
  'DataNotCaughtUpError',
  /** The data tier accepted the promotion and did not finish in time. */
  'PromotionTimedOutError',
  /** The target did not grow to what has to run in time. */
  'CapacityNotReachedError',
  /** Neither guardian took the switch. */
  'SwitchFailedError',
  /** Some authoritative server still answers with the Region that was left. */
  'AnswersNotMovedError',
  /** The target does not carry the traffic. */
  'TrafficNotArrivedError',
  /** The target carries the traffic and does not serve it well. */
  'ServiceNotValidError',
  /** The zone must not be written: a newer operation has written it, or its records are missing. */
  'RecordsRefusedError',
  /** The returning Region is not warm enough for the next rung of a failback. */
  'RegionNotWarmError',
  /** The evacuated Region's health check did not turn healthy. */
  'SwitchNotOpenError',
  /** AWS or the network failed in a way that may pass: a timeout, throttling, a 5xx. */
  'TransientPlatformError',
] as const;
export type ErrorName = (typeof ERROR_NAMES)[number];

/** An error that a machine branches on. */
export class OperationError extends SwitchyardError {
  override readonly name: ErrorName;

  constructor(name: ErrorName, message: string, details: Partial<ErrorDetails> = {}) {
    super(message, { code: codeOf(name), source: 'platform', ...details });
    this.name = name;
  }
}

/** `PromotionRefusedError` → `PROMOTION_REFUSED`. */
function codeOf(name: ErrorName): string {
  return name
    .replace(/Error$/, '')
    .replace(/(?<!^)([A-Z])/g, '_$1')
    .toUpperCase();
}
