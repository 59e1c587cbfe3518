import { describe, expect, it } from 'vitest';
import { renderRowsDone, renderSeconds } from '../../../cli/render/progress-line.ts';

describe('the line of progress', () => {
  it.each([
    [0, 0, 0, 'plan   [####################] 100 %  0 of 0 rows, 0 rows/s'],
    [0, 1_000, 0, 'plan   [....................]   0 %  0 of 1,000 rows, 0 rows/s'],
    [500_000, 2_000_000, 1, 'plan   [#####...............]  25 %  500,000 of 2,000,000 rows, 500,000 rows/s, 3 s left'],
    [1_000, 1_000, 2, 'plan   [####################] 100 %  1,000 of 1,000 rows, 500 rows/s'],
    [1_200, 1_000, 2, 'plan   [####################] 100 %  1,200 of about 1,200 rows, 600 rows/s'],
  ])('after %i of %i rows in %i s', (done, total, seconds, line) => {
    expect(renderRowsDone({ stage: 'plan', done, total, seconds, unit: 'rows' })).toBe(line);
  });

  it.each([
    [0.2, '1 s'],
    [89, '89 s'],
    [90, '2 min'],
    [5_399, '90 min'],
    [5_400, '1.5 h'],
  ])('says of %d seconds: %s', (seconds, text) => {
    expect(renderSeconds(seconds)).toBe(text);
  });
});
