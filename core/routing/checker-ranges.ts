import * as z from 'zod';
import { type Problem, RefusedInputError } from '../errors.ts';
import { schemaProblems } from '../schema-problems.ts';
import { cidrKey, isIpv4, parseCidr } from './ip-address.ts';

/** Where AWS publishes the addresses of its services. */
export const PUBLISHED_RANGES = 'https://ip-ranges.amazonaws.com/ip-ranges.json';

const SOURCE = 'https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-syntax.html';
const SERVICE = 'ROUTE53_HEALTHCHECKS';

/**
 * Partitions with checkers of their own, by the beginning of their Regions' names; ours are in none of them.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
const OTHER_PARTITIONS = /^(?:cn|us-gov|us-iso|eu-isoe|eusc)/;

/** A block of addresses that health checkers come from. */
export interface CheckerRange {
  /** In CIDR notation, e.g. `15.177.0.0/18`. */
  readonly prefix: string;
  /** Where the checkers are; `GLOBAL` where that is not said. */
  readonly region: string;
}

/** What has changed between two lists of ranges. */
export interface RangeDrift {
  readonly added: readonly CheckerRange[];
  readonly removed: readonly CheckerRange[];
}

const publishedSchema = z.object({
  syncToken: z.string(),
  createDate: z.string(),
  prefixes: z.array(z.object({ ip_prefix: z.string(), region: z.string(), service: z.string() })).min(1),
});

/** The published list, as far as it concerns us. */
export interface PublishedRanges {
  /** As published, `YYYY-MM-DD-hh-mm-ss` in UTC. */
  readonly createDate: string;
  readonly ranges: readonly CheckerRange[];
}

/**
 * Reads the published list: the IPv4 ranges of Route 53's checkers in the standard partition. Checks that name a host,
 * as ours do, come over IPv4 alone.
 *
 * @throws {RefusedInputError} with everything that is wrong with the document.
 */
export function parsePublishedRanges(subject: string, input: unknown): PublishedRanges {
  const parsed = publishedSchema.safeParse(input);
  if (!parsed.success) throw new RefusedInputError(subject, schemaProblems(parsed.error, { input, source: SOURCE }));
  const { createDate, prefixes } = parsed.data;
  const problems: Problem[] = [];
  const ranges: CheckerRange[] = [];
  for (const [index, { ip_prefix: prefix, region, service }] of prefixes.entries()) {
    if (service !== SERVICE || OTHER_PARTITIONS.test(region)) continue;
    if (isIpv4Block(prefix)) ranges.push({ prefix, region });
    else problems.push(notABlock(`prefixes[${index}].ip_prefix`, prefix));
  }
  if (ranges.length + problems.length === 0) {
    problems.push({
      path: 'prefixes',
      message: `names no range of the service ${SERVICE}`,
      remedy: `give the document that ${PUBLISHED_RANGES} serves`,
      source: SOURCE,
    });
  }
  if (problems.length > 0) throw new RefusedInputError(subject, problems);
  return { createDate, ranges };
}

/** What the later list has that the earlier one had not, and the other way round; the Region of a range does not count. */
export function driftBetween(earlier: readonly CheckerRange[], later: readonly CheckerRange[]): RangeDrift {
  return { added: without(later, earlier), removed: without(earlier, later) };
}

function without(ranges: readonly CheckerRange[], others: readonly CheckerRange[]): readonly CheckerRange[] {
  const known = new Set(others.map(({ prefix }) => keyOf(prefix)));
  return ranges.filter(({ prefix }) => !known.has(keyOf(prefix)));
}

function keyOf(prefix: string): string {
  const block = parseCidr(prefix);
  return block === undefined ? prefix : cidrKey(block);
}

function isIpv4Block(prefix: string): boolean {
  const block = parseCidr(prefix);
  return block !== undefined && isIpv4(block.address) && prefix.includes('/');
}

function notABlock(path: string, value: string): Problem {
  const allowed = 'an IPv4 block in CIDR notation, such as 15.177.0.0/18';
  return {
    path,
    message: 'is no block of addresses',
    value,
    allowed,
    remedy: 'fetch the document again',
    source: SOURCE,
  };
}
