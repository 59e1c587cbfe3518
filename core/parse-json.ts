import { isRecord } from './is-record.ts';

/** What a text of JSON says; undefined where it is none: whoever sent it said nothing. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object that a text of JSON holds; undefined where it holds anything else. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const parsed = parseJson(text);
  return isRecord(parsed) ? parsed : undefined;
}
