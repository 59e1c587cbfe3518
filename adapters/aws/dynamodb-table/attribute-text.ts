import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isRecord } from '../../../core/is-record.ts';
import { ReconcileError } from '../../../core/reconcile/errors.ts';

/** An item as DynamoDB's API gives it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** A value in the JSON of DynamoDB's API, bytes as base64. */
type PlainValue = Readonly<Record<string, unknown>>;

/**
 * An attribute's value as text that loses nothing and is the same for equal values: numbers by what they are worth,
 * members of sets and entries of maps in order, bytes as base64. Types stay apart, and so do empty, null and absent.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
export function attributeText(value: AttributeValue): string {
  return JSON.stringify(plainOf(value));
}

/**
 * The value of such a text, or of one that a merge function made in the same JSON.
 *
 * @throws ReconcileError `StoreRefusedError` where it is none; its message names the attribute and never the value
 */
export function attributeOf(name: string, text: string): AttributeValue {
  try {
    return attributeOfPlain(JSON.parse(text));
  } catch (error) {
    throw new ReconcileError(
      'StoreRefusedError',
      `attribute ${JSON.stringify(name)} is no value in DynamoDB's JSON; allowed: such as {"S":"text"} or {"N":"1"}`,
      { source: 'operator', cause: error instanceof TypeError ? error : undefined },
    );
  }
}

function plainOf(value: AttributeValue): PlainValue {
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: numberText(value.N) };
  if (value.B !== undefined) return { B: base64(value.B) };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return { NULL: true };
  if (value.L !== undefined) return { L: value.L.map(plainOf) };
  if (value.M !== undefined) return { M: Object.fromEntries(byName(value.M).map(([name, of]) => [name, plainOf(of)])) };
  if (value.SS !== undefined) return { SS: value.SS.toSorted() };
  if (value.NS !== undefined) return { NS: value.NS.map(numberText).toSorted() };
  if (value.BS !== undefined) return { BS: value.BS.map(base64).toSorted() };
  throw new ReconcileError('StoreRefusedError', `DynamoDB gave a value of unknown type: ${Object.keys(value).join()}`);
}

/** Entries in the order of their names, by code units. */
export function byName<Value>(entries: Readonly<Record<string, Value>>): readonly (readonly [string, Value])[] {
  return Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function attributeOfPlain(plain: unknown): AttributeValue {
  const [entry, ...others] = isRecord(plain) ? Object.entries(plain) : [];
  if (entry === undefined || others.length > 0) throw new TypeError('a value has one type');
  const [type, value] = entry;
  switch (type) {
    case 'S':
      return { S: text(value) };
    case 'N':
      return { N: numberText(text(value)) };
    case 'B':
      return { B: bytes(value) };
    case 'BOOL':
      if (typeof value === 'boolean') return { BOOL: value };
      break;
    case 'NULL':
      if (value === true) return { NULL: true };
      break;
    case 'L':
      return { L: list(value).map(attributeOfPlain) };
    case 'M':
      if (isRecord(value))
        return { M: Object.fromEntries(Object.entries(value).map(([name, of]) => [name, attributeOfPlain(of)])) };
      break;
    case 'SS':
      return { SS: list(value).map(text) };
    case 'NS':
      return { NS: list(value).map((member) => numberText(text(member))) };
    case 'BS':
      return { BS: list(value).map(bytes) };
    default:
  }
  throw new TypeError(`no value of type ${type}`);
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('no text');
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('no list');
  return value;
}

function bytes(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(text(value), 'base64'));
}

/** Bytes as a key and a digest have them. */
export function base64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64');
}

const NUMBER = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;
/** Digits of the longest number that DynamoDB keeps (same page); a number that needs more places is written with E. */
const MOST_DIGITS = 38;

/**
 * One text for each value, however it was written: `1`, `1.0` and `10e-1` are `1`. No detour by floating point.
 *
 * @throws TypeError where it is no number
 */
export function numberText(written: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(written) ?? [];
  if (whole + fraction === '') throw new TypeError('no number');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const scale = Number(exponent) - fraction.length + digits.length - significant.length;
  return (sign === '-' ? '-' : '') + placed(significant, scale);
}

/** Digits times ten to the power of `scale`. */
function placed(digits: string, scale: number): string {
  if (scale >= 0) {
    return digits.length + scale <= MOST_DIGITS ? digits + '0'.repeat(scale) : `${digits}E${scale}`;
  }
  if (-scale > MOST_DIGITS) return `${digits}E${scale}`;
  const padded = digits.padStart(1 - scale, '0');
  return `${padded.slice(0, scale)}.${padded.slice(scale)}`;
}
