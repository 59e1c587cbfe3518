import { parseJsonObject } from '../parse-json.ts';
import type { Size } from '../ports.ts';

/** What a function of the user's that scales something is asked. */
export type ScalingQuestion = { readonly application: string; readonly name: string } & (
  | { readonly action: 'size' }
  | { readonly action: 'scale'; readonly desired: number; readonly operationId: string }
);

/** `{ "desired": n, "running": n }`, whole numbers from 0; undefined where the text is none. */
export function parseSizeAnswer(body: string): Size | undefined {
  const answer = parseJsonObject(body);
  const { desired, running } = answer ?? {};
  return isCount(desired) && isCount(running) ? { desired, running } : undefined;
}

/** `{ "accepted": true }`, or why not: `{ "accepted": false, "reason": "text" }`. */
export function parseScaleAnswer(body: string): true | string | undefined {
  const answer = parseJsonObject(body);
  if (answer?.['accepted'] === true) return true;
  const reason = answer?.['reason'];
  return answer?.['accepted'] === false && typeof reason === 'string' ? reason : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
