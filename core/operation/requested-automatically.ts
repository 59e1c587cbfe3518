/** Who started an operation, where nobody did. */
export const REQUESTED_AUTOMATICALLY = 'automatic';
