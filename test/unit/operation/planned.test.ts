import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { needsLowerTtl, plannedLagProblem, recordTtlSeconds } from '../../../core/operation/planned.ts';
import exampleConfig from '../../../switchyard.config.ts';
import { SAMPLE_TIME } from '../../_helpers/coordination-samples.ts';

const AURORA = exampleConfig.data;
const REPLICA = resolveConfig({ ...exampleConfig, data: { adapter: 'rds-replica', instance: 'storefront' } }).data;
const TABLE = resolveConfig({ ...exampleConfig, data: { adapter: 'dynamodb-global', table: 'storefront' } }).data;

const measured = (seconds: number, ageSeconds = 0) => ({ seconds, measuredAtEpochMs: SAMPLE_TIME - ageSeconds * 1000 });

describe('the lag that planned work waits for', () => {
  it.each([
    { what: 'aurora-global at 1 s', data: AURORA, reading: measured(1), problem: undefined },
    { what: 'aurora-global above', data: AURORA, reading: measured(1.2), problem: /is 1\.2 s, 1 s is allowed/ },
    { what: 'aurora-global of 180 s ago', data: AURORA, reading: measured(0, 180), problem: undefined },
    { what: 'aurora-global of 181 s ago', data: AURORA, reading: measured(0, 181), problem: /last measured 181 s ago/ },
    { what: 'aurora-global unmeasured', data: AURORA, reading: undefined, problem: /is not measured/ },
    { what: 'rds-replica at 2 s', data: REPLICA, reading: measured(2), problem: /2\.0 s, 1 s is allowed/ },
    { what: 'dynamodb-global within the loss budget', data: TABLE, reading: measured(5), problem: undefined },
    { what: 'dynamodb-global above it', data: TABLE, reading: measured(5.1), problem: /5\.1 s, 5 s is allowed/ },
    { what: 'dynamodb-global that nobody writes to', data: TABLE, reading: undefined, problem: undefined },
    { what: 'dynamodb-global that nobody wrote to lately', data: TABLE, reading: measured(9, 181), problem: undefined },
  ])('$what', ({ data, reading, problem }) => {
    const found = plannedLagProblem(data, reading, SAMPLE_TIME);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(problem);
  });
});

describe('the TTL of the records', () => {
  it.each([
    { ttlSeconds: 60, lower: false },
    { ttlSeconds: 61, lower: true },
  ])('of $ttlSeconds s is lowered before planned work: $lower', ({ ttlSeconds, lower }) => {
    expect(needsLowerTtl({ ...exampleConfig, ttlSeconds })).toBe(lower);
  });

  it('is left as it is but while it is lowered, and until it has been given back', () => {
    const config = { ttlSeconds: 120 };
    expect(recordTtlSeconds(config, { loweredTtlSeconds: null, ttlPending: false })).toBeUndefined();
    expect(recordTtlSeconds(config, { loweredTtlSeconds: 60, ttlPending: false })).toBe(60);
    expect(recordTtlSeconds(config, { loweredTtlSeconds: null, ttlPending: true })).toBe(120);
  });
});
