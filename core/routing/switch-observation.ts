/**
 * How long a deployment waits until Route 53 has looked at a new evacuation switch: a first report takes two to three
 * minutes; ten are trouble.
 */
export const OBSERVATION_DEADLINE_MINUTES = 10;
