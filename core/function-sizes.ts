/** Memory of the functions, MB; the processor's share and the price of a second grow with it. */
export const FUNCTION_MEMORY_MB = {
  /** A step runs a few times a year, and then its cold start counts. */
  step: 1024,
  /** It runs all the time and mostly waits: memory is what it costs. */
  observer: 256,
  reconciler: 256,
  comparer: 256,
} as const;
