/**
 * DNS names as Route 53 reads and writes them.
 *
 * One canonical spelling serves every comparison: lower case, no trailing dot, and `\ooo` (three octal digits) for
 * every byte except `a`–`z`, `0`–`9`, `-`, `_` and `*`. A dot in a canonical name is therefore always a separator.
 *
 * Source: Route 53 Developer Guide, DomainNameFormat.
 */

/** Bytes of one label (DomainNameFormat). */
export const MAX_LABEL_BYTES = 63;
/** Bytes of a whole name with its dots (DomainNameFormat). */
export const MAX_NAME_BYTES = 255;

/** A name in canonical spelling, or what is wrong with it. */
export type ParsedName =
  | { readonly name: string; readonly fault?: undefined }
  | { readonly name?: undefined; readonly fault: string };

const ALREADY_CANONICAL = /^[a-z0-9_*-]{1,63}(?:\.[a-z0-9_*-]{1,63})*$/;
const PLAIN = /[a-z0-9_*-]/;
const ESCAPE = /^\\([0-3][0-7]{2})/;
const FIRST_PRINTABLE = 0x21;
const LAST_PRINTABLE = 0x7e;

/** Reads a name as the API accepts it: any case, trailing dot or none, octal escapes. The root (`.`) reads as `''`. */
export function parseName(text: string): ParsedName {
  const withoutDot = text.endsWith('.') ? text.slice(0, -1) : text;
  if (withoutDot.length <= MAX_NAME_BYTES && ALREADY_CANONICAL.test(withoutDot)) return { name: withoutDot };
  if (text === '.') return { name: '' };
  const labels: string[] = [];
  for (const label of splitLabels(text)) {
    const fault = faultOf(label);
    if (fault !== undefined) return { fault };
    labels.push(label.bytes.map(spell).join(''));
  }
  const bytes = byteLength(text);
  return bytes > MAX_NAME_BYTES ? { fault: `the name has ${bytes} bytes` } : { name: labels.join('.') };
}

/** The canonical spelling, for text that was validated before; text that is no name is only lower-cased. */
export function canonicalName(text: string): string {
  return parseName(text).name ?? text.toLowerCase();
}

/** The name one label up; `''` above a top-level name. */
export function parentName(name: string): string {
  const dot = name.indexOf('.');
  return dot === -1 ? '' : name.slice(dot + 1);
}

/** True where canonical `name` is `ancestor` or below it; everything is below the root (`''`). */
export function isAtOrBelow(name: string, ancestor: string): boolean {
  return ancestor === '' || name === ancestor || name.endsWith(`.${ancestor}`);
}

/** True for a name whose leftmost label is exactly `*`; an asterisk anywhere else is an ordinary character. */
export function isWildcard(name: string): boolean {
  return name.startsWith('*.');
}

/** As Route 53's API returns a name: with a trailing dot, and `\052` for `*`. */
export function apiName(name: string): string {
  return `${name.replaceAll('*', '\\052')}.`;
}

/**
 * The key by which `ListResourceRecordSets` sorts: labels reversed, trailing dot kept, compared as ASCII.
 *
 * Source: API_ListResourceRecordSets, "Sort order".
 */
export function listingKey(name: string): string {
  return `${apiName(name).slice(0, -1).split('.').reverse().join('.')}.`;
}

interface Label {
  readonly bytes: readonly number[];
  /** A character that must be written as an escape code but was not. */
  readonly raw?: string;
}

function splitLabels(text: string): readonly Label[] {
  const labels: Label[] = [];
  let bytes: number[] = [];
  let raw: string | undefined;
  const end = text.endsWith('.') ? text.length - 1 : text.length;
  for (let index = 0; index < end; index += 1) {
    const character = text.charAt(index);
    const code = ESCAPE.exec(text.slice(index, index + 4))?.[1];
    if (code !== undefined) {
      bytes.push(Number.parseInt(code, 8));
      index += 3;
    } else if (character === '.') {
      labels.push({ bytes, ...(raw === undefined ? {} : { raw }) });
      bytes = [];
      raw = undefined;
    } else {
      const byte = character.charCodeAt(0);
      if (byte < FIRST_PRINTABLE || byte > LAST_PRINTABLE) raw ??= character;
      bytes.push(byte);
    }
  }
  labels.push({ bytes, ...(raw === undefined ? {} : { raw }) });
  return labels;
}

function faultOf({ bytes, raw }: Label): string | undefined {
  if (raw !== undefined) return `the character ${JSON.stringify(raw)} must be written as an octal escape code`;
  if (bytes.length === 0) return 'the name has an empty label';
  if (bytes.length > MAX_LABEL_BYTES) return `a label has ${bytes.length} bytes`;
  return undefined;
}

function spell(byte: number): string {
  const character = String.fromCharCode(byte).toLowerCase();
  return byte <= LAST_PRINTABLE && PLAIN.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
}

/** Bytes of the whole name, dots included, the optional trailing one not. */
function byteLength(text: string): number {
  const labels = splitLabels(text);
  return labels.reduce((sum, label) => sum + label.bytes.length + 1, -1);
}
