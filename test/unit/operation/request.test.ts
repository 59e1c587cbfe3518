import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../core/errors.ts';
import { parseRequest } from '../../../core/operation/request.ts';
import { SEOUL, SINGAPORE, TOKYO, testConfig, withValue } from '../../_helpers/config.ts';
import { requestOf } from '../../_helpers/operations.ts';

const config = testConfig();
const problems = (input: unknown): readonly Problem[] => {
  const parsed = parseRequest(config, input);
  return 'problems' in parsed ? parsed.problems : [];
};

describe('the input of a machine', () => {
  it('is taken as it was typed', () => {
    const request = requestOf({ acceptDataLossSeconds: 30, ticket: 'INC-7', epoch: 3, approval: 'required' });
    expect(parseRequest(config, request)).toEqual({ request });
  });

  it.each(['automatic', 'planned', 'manual', 'emergency'] as const)('may be %s', (mode) => {
    expect(parseRequest(config, requestOf({ mode }))).toEqual({ request: requestOf({ mode }) });
  });

  it.each(['application', 'source', 'target', 'reason', 'mode', 'requestedBy', 'approval'])('needs %s', (field) => {
    expect(problems(withValue(requestOf(), field, undefined))).toMatchObject([{ path: field, message: 'is missing' }]);
  });

  it.each([
    { field: 'reason', least: 1, most: 500 },
    { field: 'requestedBy', least: 1, most: 200 },
  ])('has a $field of $least to $most characters', ({ field, least, most }) => {
    const found = (length: number): number => problems(withValue(requestOf(), field, 'x'.repeat(length))).length;
    expect([found(least - 1), found(least), found(most), found(most + 1)]).toEqual([1, 0, 0, 1]);
  });

  it.each([
    { field: 'acceptDataLossSeconds', values: [-1, 0, 86_400, 86_401], found: [1, 0, 0, 1] },
    { field: 'acceptDataLossSeconds', values: [0.5, '5', null, Number.NaN], found: [0, 1, 1, 1] },
    { field: 'epoch', values: [-1, 0, 1, 1.5], found: [1, 0, 0, 1] },
    { field: 'ticket', values: ['', 'x'.repeat(200), 'x'.repeat(201)], found: [0, 0, 1] },
    { field: 'mode', values: ['Manual', 'force'], found: [1, 1] },
    { field: 'approval', values: ['yes', true], found: [1, 1] },
  ])('is judged in $field', ({ field, values, found }) => {
    expect(values.map((value) => problems(withValue(requestOf(), field, value)).length)).toEqual(found);
  });

  it.each([null, undefined, 'failover', 7, []])('is an object and not %s', (input) => {
    expect(problems(input)).toMatchObject([{ path: '', allowed: 'object' }]);
  });

  it('knows no other key', () => {
    expect(problems({ ...requestOf(), force: true })).toMatchObject([{ path: 'force', message: 'is not a known key' }]);
  });

  it('is that of the application that is deployed', () => {
    expect(problems(requestOf({ application: 'backoffice' }))).toEqual([
      {
        path: 'application',
        message: 'is not the application of this deployment',
        value: 'backoffice',
        allowed: 'storefront',
        remedy: "start the other application's machine",
      },
    ]);
  });

  it.each(['source', 'target'] as const)('names an application Region as %s', (path) => {
    expect(problems(requestOf({ [path]: SEOUL }))).toEqual([
      {
        path,
        message: 'is not an application Region',
        value: SEOUL,
        allowed: `${SINGAPORE}, ${TOKYO}`,
        remedy: 'name one of them',
      },
    ]);
  });

  it('leads somewhere else', () => {
    expect(problems(requestOf({ target: SINGAPORE }))).toEqual([
      {
        path: 'target',
        message: 'is the source; there is nowhere to go',
        value: SINGAPORE,
        allowed: `${SINGAPORE}, ${TOKYO}`,
        remedy: 'name another Region',
      },
    ]);
  });

  it('is told everything that is wrong with it at once', () => {
    const wrong = {
      application: 'backoffice',
      source: SEOUL,
      target: SEOUL,
      reason: '',
      mode: 'force',
      approval: 'yes',
      acceptDataLossSeconds: -1,
      force: true,
    };
    expect(problems(wrong).map(({ path }) => path)).toEqual([
      'reason',
      'mode',
      'requestedBy',
      'approval',
      'acceptDataLossSeconds',
      'force',
      'application',
      'source',
      'target',
      'target',
    ]);
  });
});
