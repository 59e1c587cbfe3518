import { describe, expect, it } from 'vitest';
import { RefusedInputError } from '../../../core/errors.ts';
import { readTrace } from '../../../core/trace/read-trace.ts';
import { SEOUL, SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';

const probe = { t: 5, observer: SEOUL, subject: SINGAPORE, check: 'order-service', result: 'passed' };
const GOOD = [
  probe,
  { t: 5, subject: TOKYO, metric: 'error-rate', value: 1 },
  { t: 6, subject: TOKYO, metric: 'p95-ms', value: 0 },
  { t: 6.25, subject: SINGAPORE, service: 'order-service', instances: 0, healthyInstances: 0 },
  { t: 7, subject: SINGAPORE, coordinationReachable: false },
  { t: 8, end: true },
];

const read = (...lines: readonly unknown[]) =>
  readTrace(
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
    'the trace',
    testConfig(),
  );

function problems(...lines: readonly unknown[]): readonly string[] {
  try {
    read(...lines);
    return [];
  } catch (error) {
    if (error instanceof RefusedInputError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
}

describe('a trace', () => {
  it('is read line by line', () => {
    expect(read(...GOOD)).toEqual(GOOD);
    expect(read('', probe, '  ', '')).toEqual([probe]);
    expect(read(`${JSON.stringify(probe)}\r`)).toEqual([probe]);
  });

  it.each([
    { what: 'no JSON', line: '{"t": 5', says: /^line 1: is not JSON: / },
    { what: 'no object', line: '[5]', says: /^line 1: is no line of a trace$/ },
    { what: 'null', line: 'null', says: /^line 1: is no line of a trace$/ },
    { what: 'nothing that is known', line: { t: 5 }, says: /^line 1: is no line of a trace$/ },
    { what: 'no time', line: { ...probe, t: undefined }, says: /^line 1\.t: is missing$/ },
    { what: 'a time before the beginning', line: { ...probe, t: -1 }, says: /^line 1\.t: is out of range$/ },
    { what: 'another result', line: { ...probe, result: 'ok' }, says: /^line 1\.result: / },
    { what: 'an unknown key', line: { ...probe, colour: 'red' }, says: /^line 1\.colour: is not a known key$/ },
    {
      what: 'a stranger as observer',
      line: { ...probe, observer: 'us-east-1' },
      says: /^line 1\.observer: is no observer of the config$/,
    },
    {
      what: 'a vantage as subject',
      line: { ...probe, subject: SEOUL },
      says: /^line 1\.subject: is no subject of the config$/,
    },
    {
      what: 'an unknown check',
      line: { ...probe, check: 'toaster' },
      says: /^line 1\.check: is no check of the config$/,
    },
    {
      what: 'an unknown service',
      line: { ...GOOD[3], service: 'toaster' },
      says: /^line 1\.service: is no service of the config$/,
    },
    { what: 'a rate in per cent', line: { ...GOOD[1], value: 15 }, says: /^line 1\.value: / },
    { what: 'a negative rate', line: { ...GOOD[1], value: -0.1 }, says: /^line 1\.value: / },
    { what: 'an unknown metric', line: { ...GOOD[1], metric: 'mood' }, says: /^line 1\.metric: / },
    {
      what: 'more healthy instances than there are',
      line: { ...GOOD[3], healthyInstances: 1 },
      says: /^line 1\.healthyInstances: must not be more/,
    },
    { what: 'half an instance', line: { ...GOOD[3], instances: 1.5 }, says: /^line 1\.instances: / },
    {
      what: 'a word for a truth',
      line: { ...GOOD[4], coordinationReachable: 'no' },
      says: /^line 1\.coordinationReachable: /,
    },
  ])('with $what is refused', ({ line, says }) => {
    const found = problems(line);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(says);
  });

  it('is refused with every line that is malformed, each by its number', () => {
    expect(problems(probe, '{', probe, { t: 6 }, { ...probe, t: 4, check: 'toaster' })).toEqual([
      expect.stringMatching(/^line 2: is not JSON/),
      'line 4: is no line of a trace',
      'line 5.check: is no check of the config',
      'line 5.t: is earlier than the line before it',
    ]);
  });

  it('is refused where it is out of order, goes on after its end or holds nothing', () => {
    expect(problems(probe, { ...probe, t: 4 })).toEqual(['line 2.t: is earlier than the line before it']);
    expect(problems(...GOOD, { ...probe, t: 9 })).toEqual(['line 7: stands after the end']);
    expect(problems('')).toEqual([': holds no line']);
    const week = 7 * 86_400;
    expect(problems(probe, { ...probe, t: 5 + week })).toEqual([]);
    expect(problems(probe, { ...probe, t: 6 + week })).toEqual(['line 2.t: comes too long after the line before it']);
  });
});
