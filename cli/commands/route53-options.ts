import type { Problem } from '../../core/errors.ts';
import { canonicalName, isAtOrBelow, parseName } from '../../core/routing/dns-name.ts';
import { type Cidr, parseCidr } from '../../core/routing/ip-address.ts';
import { RECORD_TYPES, type RecordType } from '../../core/routing/record-set.ts';
import type { Question } from '../../twin/route53/answering/distribution.ts';
import type { Fixture } from '../../twin/route53/fixture/parse-fixture.ts';
import { readWholeNumber, type WholeNumbers } from '../whole-number.ts';

/** Queries that one run samples at most; more would only take longer. */
export const MAX_QUERIES = 1_000_000;
/** Seeds are 32-bit numbers. */
export const MAX_SEED = 2 ** 32 - 1;
/** The seed where none is given, so that a run can be repeated by default. */
export const DEFAULT_SEED = 1;

/** The options of `route53 answer` as they were typed. */
export interface AnswerOptions {
  readonly name?: string;
  readonly type?: string;
  readonly clientSubnet?: string;
  readonly queries?: string;
  readonly seed?: string;
}

/** Collects what is wrong with the options while they are read, so that all of it is said at once. */
export interface OptionReader {
  readonly problems: readonly Problem[];
  integer(option: string, text: string | undefined, range: WholeNumbers): number | undefined;
  subnet(text: string | undefined): Cidr | undefined;
  type(text: string | undefined): RecordType | undefined;
  name(text: string | undefined): string | undefined;
}

/** Every reader gives nothing for an option that was left out, and for one that it refuses. */
export function createOptionReader(): OptionReader {
  const problems: Problem[] = [];
  const refuse = (path: string, value: string, message: string, allowed: string): undefined => {
    problems.push({ path, message, value, allowed, remedy: 'correct it' });
  };
  return {
    problems,
    integer: (option, text, range) => {
      const { value, problem } = readWholeNumber(option, text, range);
      if (problem !== undefined) problems.push(problem);
      return value;
    },
    subnet: (text) => {
      if (text === undefined) return undefined;
      const message = 'the value is no block of addresses';
      return parseCidr(text) ?? refuse('--client-subnet', text, message, 'a CIDR such as 192.0.2.0/24');
    },
    type: (text) => {
      if (text === undefined) return undefined;
      const type = RECORD_TYPES.find((known) => known === text.toUpperCase());
      return type ?? refuse('--type', text, 'the record type is unknown', RECORD_TYPES.join(', '));
    },
    name: (text) => {
      if (text === undefined) return undefined;
      const { name, fault } = parseName(text);
      if (name !== undefined && name !== '') return name;
      return refuse('--name', text, `the value is no domain name: ${fault ?? 'it is empty'}`, 'a domain name');
    },
  };
}

/** What was asked for, as far as the options say. */
export interface AskedFor {
  readonly name: string | undefined;
  readonly type: RecordType | undefined;
}

/** A question, or why there is none. */
export type Asked =
  | { readonly question: Question; readonly problem?: undefined }
  | { readonly question?: undefined; readonly problem: Problem };

/**
 * The question to answer. What the options leave open is that of the first record set other than SOA and NS that agrees
 * with them; a name without any record set is asked for with type A.
 */
export function questionOf(fixture: Fixture, { name, type }: AskedFor): Asked {
  const { apex } = fixture.zone;
  if (name !== undefined && apex !== undefined && !isAtOrBelow(name, apex)) {
    const message = 'the name is outside the hosted zone';
    return { problem: { path: '--name', message, value: name, allowed: `${apex} or below it` } };
  }
  const isApexRecord = (other: RecordType): boolean => type === undefined && (other === 'SOA' || other === 'NS');
  const first = fixture.recordSets.find(
    (recordSet) =>
      !isApexRecord(recordSet.Type) &&
      (name === undefined || canonicalName(recordSet.Name) === name) &&
      (type === undefined || recordSet.Type === type),
  );
  const chosen = name ?? (first === undefined ? undefined : canonicalName(first.Name));
  if (chosen !== undefined) return { question: { name: chosen, type: type ?? first?.Type ?? 'A' } };
  const message = 'the fixture has no record set to take the question from';
  return { problem: { path: '--name', message, remedy: 'give --name and --type' } };
}
