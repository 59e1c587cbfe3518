import type { ResolvedConfig } from '../config/types.ts';
import { isRecord } from '../is-record.ts';
import { parseJson } from '../parse-json.ts';
import type { HttpAnswer } from '../ports.ts';
import { type Finding, verdictOf } from './compare-documents.ts';
import { driftBetween, isWithinDrift } from './drift.ts';
import { GOLD_ITEM, type ItemResult } from './items.ts';

/** Bytes of an answer that are read: 4,096 numbers of 20 digits are 84 KiB. */
export const LONGEST_VECTOR_BYTES = 256 * 1024;

/** The path that asks a question, numbered from 1. */
export function questionPath(path: string, question: number): string {
  return `${path}?question=${question}`;
}

/** What the two Regions answered to one question. */
export interface GoldAnswers {
  readonly question: number;
  readonly source: { readonly region: string; readonly answer: HttpAnswer };
  readonly target: { readonly region: string; readonly answer: HttpAnswer };
}

/** Judges every question, each by itself; the largest drift is noted. */
export function judgeGoldProbes(
  { parity }: Pick<ResolvedConfig, 'parity'>,
  answers: readonly GoldAnswers[],
  nowEpochMs: number,
): ItemResult {
  const maximumDrift = parity.goldProbes?.maximumDrift ?? 0;
  const judged = answers.map((pair) => judgeQuestion(pair, maximumDrift));
  const drifts = judged.flatMap(({ drift }) => (drift === undefined ? [] : [drift]));
  const findings = judged.flatMap((one) => one.findings);
  return {
    item: GOLD_ITEM,
    ...verdictOf(findings),
    comparedAtEpochMs: nowEpochMs,
    notes: drifts.length === 0 ? [] : [`largest drift ${Math.max(...drifts).toFixed(4)}, ${maximumDrift} is allowed`],
  };
}

function judgeQuestion(
  { question, source, target }: GoldAnswers,
  maximumDrift: number,
): { readonly drift?: number; readonly findings: readonly Finding[] } {
  const [left, right] = [parseGoldAnswer(source.answer), parseGoldAnswer(target.answer)];
  const unread = [
    { region: source.region, parsed: left },
    { region: target.region, parsed: right },
  ].flatMap(({ region, parsed }): readonly Finding[] =>
    'unread' in parsed ? [{ kind: 'unknown', reason: `question ${question}: ${region}: ${parsed.unread}` }] : [],
  );
  if ('unread' in left || 'unread' in right) return { findings: unread };
  if (left.question !== right.question) {
    return { findings: [{ kind: 'different', reason: `question ${question} is another one in each Region` }] };
  }
  const result = driftBetween(left.vector, right.vector);
  if ('impossible' in result) {
    return { findings: [{ kind: 'different', reason: `question ${question}: ${result.impossible}` }] };
  }
  if (isWithinDrift(result.drift, maximumDrift)) return { drift: result.drift, findings: [] };
  const reason = `question ${question}: drift ${result.drift.toFixed(4)}, ${maximumDrift} is allowed`;
  return { drift: result.drift, findings: [{ kind: 'different', reason }] };
}

/** An answer as it is compared: its numbers, and the text of the question where it is told. */
type ParsedAnswer =
  | { readonly vector: readonly number[]; readonly question: string | undefined }
  | { readonly unread: string };

/** Reads `{ "vector": [ … ], "question": "…" }`; numbers are judged where they are compared. */
export function parseGoldAnswer(answer: HttpAnswer): ParsedAnswer {
  if (!answer.answered) return { unread: answer.reason };
  if (answer.status !== 200) return { unread: `status ${answer.status}` };
  const document = parseJson(answer.body);
  if (!isRecord(document) || !Array.isArray(document['vector'])) {
    return { unread: 'the answer is not a JSON object with a "vector"' };
  }
  const { vector, question } = document as { vector: readonly unknown[]; question?: unknown };
  return {
    vector: vector.map((value) => (typeof value === 'number' ? value : Number.NaN)),
    question: typeof question === 'string' ? question : undefined,
  };
}
