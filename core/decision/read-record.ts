import * as z from 'zod';
import { applicationRegions } from '../config/accessors.ts';
import { resolveConfig } from '../config/resolve.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { RefusedInputError } from '../errors.ts';
import { schemaProblems } from '../schema-problems.ts';
import type { PastDecision } from './outcome.ts';
import { DECISION_RECORD_VERSION } from './record.ts';
import type { PastSituation } from './situation.ts';

const SOURCE = 'docs/decision.md';
const moment = z.number().min(0);
const checkState = z.looseObject({
  status: z.enum(['passed', 'failed', 'unknown']),
  consecutiveFailures: z.number(),
  answeredAtEpochMs: z.number(),
  sinceEpochMs: z.number(),
  reason: z.string(),
});
const measurements = z.array(z.looseObject({ value: z.number(), atEpochMs: moment }));

/** As much of a record as a verdict is drawn from; whoever wrote one by hand learns what is wrong with it. */
const recordSchema = z.looseObject({
  schemaVersion: z.literal(DECISION_RECORD_VERSION),
  decision: z.looseObject({ subject: z.string(), ruleId: z.string(), outcome: z.string(), decidedAtEpochMs: moment }),
  input: z.looseObject({
    config: z.string(),
    nowEpochMs: moment,
    situation: z.looseObject({
      state: z.looseObject({ activeRegion: z.string(), epoch: z.number(), automaticStartsEpochMs: z.array(moment) }),
      reports: z.array(
        z.looseObject({
          observer: z.string(),
          subject: z.string(),
          reportedAtEpochMs: moment,
          checks: z.record(z.string(), checkState),
          metrics: z.record(z.string(), measurements),
        }),
      ),
      decision: z.looseObject({ subject: z.string(), raisedAtEpochMs: z.array(moment) }).optional(),
    }),
  }),
});

/** A record that a verdict can be drawn from. */
export interface ReadRecord {
  readonly decision: PastDecision;
  readonly input: {
    readonly config: ResolvedConfig;
    readonly situation: PastSituation;
    readonly nowEpochMs: number;
  };
}

/**
 * Takes JSON for a decision record.
 *
 * @throws {RefusedInputError} naming everything that is wrong with it
 */
export function readDecisionRecord(input: unknown, subject: string): ReadRecord {
  const { data, error } = recordSchema.safeParse(input);
  if (error !== undefined) throw new RefusedInputError(subject, schemaProblems(error, { input, source: SOURCE }));
  const config = readConfig(data.input.config, subject);
  const { activeRegion } = data.input.situation.state;
  const regions = applicationRegions(config);
  if (!regions.includes(activeRegion)) {
    const path = 'input.situation.state.activeRegion';
    const problem = { path, message: 'is no Region of the config', value: activeRegion, allowed: regions.join(', ') };
    throw new RefusedInputError(subject, [problem]);
  }
  return { decision: data.decision, input: { ...data.input, config } } as unknown as ReadRecord;
}

function readConfig(text: string, subject: string): ResolvedConfig {
  try {
    return resolveConfig(JSON.parse(text));
  } catch (error) {
    if (error instanceof RefusedInputError) throw error;
    const message = `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new RefusedInputError(subject, [{ path: 'input.config', message, source: SOURCE }]);
  }
}
