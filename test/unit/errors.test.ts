import { describe, expect, it } from 'vitest';
import { type ErrorDetails, formatProblem, RefusedInputError, SwitchyardError } from '../../core/errors.ts';
import { isoTime } from '../../core/iso-time.ts';
import { ERROR_NAMES, OperationError } from '../../core/operation/errors.ts';

const PROBLEM = { path: 'ttlSeconds', message: 'is out of range' };

describe('a problem in one line', () => {
  it.each([
    { problem: PROBLEM, line: '- ttlSeconds: is out of range' },
    { problem: { ...PROBLEM, path: '' }, line: '- is out of range' },
    { problem: { ...PROBLEM, value: 5 }, line: '- ttlSeconds: is out of range (found 5)' },
    { problem: { ...PROBLEM, allowed: 'at least 10' }, line: '- ttlSeconds: is out of range (allowed: at least 10)' },
    { problem: { ...PROBLEM, remedy: 'correct it' }, line: '- ttlSeconds: is out of range; correct it' },
    { problem: { ...PROBLEM, source: 'a page' }, line: '- ttlSeconds: is out of range [a page]' },
    {
      problem: { ...PROBLEM, value: 5, allowed: 'at least 10', remedy: 'correct it', source: 'a page' },
      line: '- ttlSeconds: is out of range (found 5; allowed: at least 10); correct it [a page]',
    },
  ])('reads $line', ({ problem, line }) => {
    expect(formatProblem(problem)).toBe(line);
  });

  it.each([
    { value: '5', found: 'found "5"' },
    { value: null, found: 'found null' },
    { value: [1, 'a'], found: 'found [1,"a"]' },
    { value: { a: 1 }, found: 'found {"a":1}' },
    { value: false, found: 'found false' },
    { value: () => 1, found: 'found () => 1' },
    { value: Symbol('s'), found: 'found Symbol(s)' },
    { value: 60n, found: 'found 60' },
    { value: { seconds: 60n }, found: 'found [object Object]' },
    { value: circle(), found: 'found [object Object]' },
  ])('shows what was $found', ({ value, found }) => {
    expect(formatProblem({ ...PROBLEM, value })).toBe(`- ttlSeconds: is out of range (${found})`);
  });

  it.each([199, 200, 201])('shows a value of %i characters up to 200', (length) => {
    const line = formatProblem({ ...PROBLEM, value: 'x'.repeat(length - 2) });
    expect(line.includes('…')).toBe(length > 200);
    expect(line).toContain(`"${'x'.repeat(Math.min(length - 2, 199))}`);
  });
});

describe('an error', () => {
  const details: ErrorDetails = { code: 'SOME_CODE', source: 'platform' };

  it('may not be tried again and tells nothing more, unless somebody says so', () => {
    const error = new SwitchyardError('what went wrong', details);
    expect(error).toMatchObject({ name: 'SwitchyardError', message: 'what went wrong', code: 'SOME_CODE' });
    expect(error).toMatchObject({ source: 'platform', retryable: false, context: {} });
    expect(Object.hasOwn(error, 'cause')).toBe(false);
  });

  it('keeps its cause, its context and that it may pass', () => {
    const cause = new Error('below');
    const error = new SwitchyardError('above', { ...details, cause, retryable: true, context: { region: 'x' } });
    expect(error).toMatchObject({ cause, retryable: true, context: { region: 'x' } });
  });

  it('of a refused input says every problem, in its message and as values', () => {
    const problems = [PROBLEM, { path: 'record', message: 'is missing' }];
    const error = new RefusedInputError('the config', problems);
    expect(error).toBeInstanceOf(SwitchyardError);
    expect(error).toMatchObject({ name: 'RefusedInputError', code: 'INPUT_REFUSED', source: 'operator', problems });
    expect(error.context).toEqual({ problems });
    expect(error.message).toBe('the config is refused:\n- ttlSeconds: is out of range\n- record: is missing');
    expect(new RefusedInputError('the config', problems, 'CONFIG_REFUSED').code).toBe('CONFIG_REFUSED');
  });
});

describe('an error that a machine branches on', () => {
  it.each([
    { name: 'InvalidInputError', code: 'INVALID_INPUT' },
    { name: 'OperationRefusedError', code: 'OPERATION_REFUSED' },
    { name: 'PromotionTimedOutError', code: 'PROMOTION_TIMED_OUT' },
    { name: 'TransientPlatformError', code: 'TRANSIENT_PLATFORM' },
  ] as const)('$name has the code $code', ({ name, code }) => {
    const error = new OperationError(name, 'why');
    expect(error).toMatchObject({ name, code, message: 'why', source: 'platform', retryable: false });
  });

  it('has a code of its own for every name', () => {
    const codes = ERROR_NAMES.map((name) => new OperationError(name, '').code);
    expect(new Set(codes).size).toBe(ERROR_NAMES.length);
    for (const code of codes) expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  });

  it('takes what the thrower knows better', () => {
    const error = new OperationError('OperationRefusedError', 'no', { source: 'operator', retryable: true, code: 'X' });
    expect(error).toMatchObject({ source: 'operator', retryable: true, code: 'X' });
  });
});

describe('a moment', () => {
  it('is written in UTC', () => {
    expect(isoTime(Date.UTC(2026, 10, 21, 12, 0, 0, 5))).toBe('2026-11-21T12:00:00.005Z');
  });
});

function circle(): unknown {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}
