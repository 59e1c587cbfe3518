import { resolveConfig } from '../config/resolve.ts';
import { type Problem, RefusedInputError } from '../errors.ts';
import { DECISION_RECORD_VERSION, type DecisionRecord } from './record.ts';

const SOURCE = 'docs/decision.md';
/** What a record must hold for a verdict to be drawn from it. */
const NEEDED = [
  'decision.subject',
  'decision.decidedAtEpochMs',
  'input.config',
  'input.nowEpochMs',
  'input.situation.state',
  'input.situation.reports',
] as const;

/**
 * Takes JSON for a decision record.
 *
 * @throws {RefusedInputError} naming everything that is missing
 */
export function readDecisionRecord(input: unknown, subject: string): DecisionRecord {
  const version: unknown = valueAt(input, 'schemaVersion');
  const problems: Problem[] = NEEDED.filter((path) => valueAt(input, path) == null).map((path) => ({
    path,
    message: 'is missing',
    remedy: 'give a record as the coordination table keeps it, item "decision#<time>"',
    source: SOURCE,
  }));
  if (version !== DECISION_RECORD_VERSION) {
    const remedy = 'replay it by the release that kept it';
    problems.push({
      path: 'schemaVersion',
      message: 'is not known',
      value: version,
      allowed: String(DECISION_RECORD_VERSION),
      remedy,
    });
  }
  if (problems.length > 0) throw new RefusedInputError(subject, problems);
  const record = input as DecisionRecord;
  return { ...record, input: { ...record.input, config: resolveConfig(record.input.config) } };
}

function valueAt(input: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (node, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined),
      input,
    );
}
