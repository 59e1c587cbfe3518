import { isRecord } from '../is-record.ts';
import { parseJsonObject } from '../parse-json.ts';
import type { DataTierStatus, LagReading, PromotionRequest } from '../ports.ts';

/** What a data tier that is a function of the user's is asked. */
export type DataQuestion = { readonly application: string } & (
  | { readonly action: 'status' }
  | { readonly action: 'lag' | 'obstacles'; readonly target: string; readonly source?: string }
  | ({ readonly action: 'promote' } & PromotionRequest)
);

/** What it answers to a promotion. */
export type PromotionAnswer = { readonly accepted: true } | { readonly accepted: false; readonly reason: string };

/** A text that is no answer, and why. */
export interface Unreadable {
  readonly unreadable: string;
}

/** Whether an answer was none. */
export function isUnreadable(answer: unknown): answer is Unreadable {
  return isRecord(answer) && 'unreadable' in answer;
}

/** `{ "writerRegion": "<Region>" | null, "movingTo": "<Region>" | null }`, of the Regions of the application. */
export function parseStatusAnswer(body: string, regions: readonly string[]): DataTierStatus | Unreadable {
  const form = `{ "writerRegion": Region or null, "movingTo": Region or null } with Regions of ${regions.join(', ')}`;
  const answer = parseJsonObject(body);
  if (answer === undefined) return unreadable(body, form);
  const { writerRegion, movingTo } = answer;
  const isOne = (value: unknown): value is string | null =>
    value === null || (typeof value === 'string' && regions.includes(value));
  return isOne(writerRegion) && isOne(movingTo) ? { writerRegion, movingTo } : unreadable(body, form);
}

/** `{ "seconds": n, "measuredAtEpochMs": n }`, or `{ "seconds": null }` where it is not measured. */
export function parseLagAnswer(body: string): LagReading | undefined | Unreadable {
  const form = '{ "seconds": number from 0, "measuredAtEpochMs": number } or { "seconds": null }';
  const answer = parseJsonObject(body);
  if (answer === undefined) return unreadable(body, form);
  const { seconds, measuredAtEpochMs } = answer;
  if (seconds === null) return undefined;
  return isCount(seconds) && isCount(measuredAtEpochMs) ? { seconds, measuredAtEpochMs } : unreadable(body, form);
}

/** `{ "obstacles": [ "text", … ] }`. */
export function parseObstaclesAnswer(body: string): readonly string[] | Unreadable {
  const obstacles = parseJsonObject(body)?.['obstacles'];
  const isText = (value: unknown): value is string => typeof value === 'string';
  return Array.isArray(obstacles) && obstacles.every(isText)
    ? obstacles
    : unreadable(body, '{ "obstacles": [ texts ] }');
}

/** `{ "accepted": true }` or `{ "accepted": false, "reason": "text" }`. */
export function parsePromotionAnswer(body: string): PromotionAnswer | Unreadable {
  const answer = parseJsonObject(body);
  if (answer?.['accepted'] === true) return { accepted: true };
  const reason = answer?.['reason'];
  if (answer?.['accepted'] === false && typeof reason === 'string') return { accepted: false, reason };
  return unreadable(body, '{ "accepted": true } or { "accepted": false, "reason": text }');
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

const LONGEST_SHOWN = 200;

function unreadable(body: string, form: string): Unreadable {
  return { unreadable: `answered ${body === '' ? 'nothing' : body.slice(0, LONGEST_SHOWN)}; allowed: ${form}` };
}
