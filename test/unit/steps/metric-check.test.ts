import { describe, expect, it } from 'vitest';
import { findRegion } from '../../../core/config/accessors.ts';
import { DEFAULT_CHECKS } from '../../../core/config/checks.ts';
import type { TrafficReading } from '../../../core/ports.ts';
import { probe } from '../../../lambdas/observe-regions/probe.ts';
import exampleConfig from '../../../switchyard.config.ts';
import { SINGAPORE } from '../../_helpers/coordination-samples.ts';
import { fakeHttp } from '../../_helpers/steps/fake-ports.ts';

const check = DEFAULT_CHECKS['error-rate'];
const subject = findRegion(exampleConfig, SINGAPORE);

describe('a metric check', () => {
  it.each([
    { reading: { errorRate: 0.1 }, result: 'passed', reason: '' },
    { reading: { errorRate: 0.11 }, result: 'failed', reason: 'error-rate 0.11 is above 0.1' },
    { reading: {}, result: 'error', reason: 'error-rate is not measured' },
    { reading: undefined, result: 'error', reason: `the metrics of ${SINGAPORE} do not answer` },
  ] as const)('is $result of a reading of $reading', async ({ reading, ...expected }) => {
    if (check === undefined || subject === undefined) throw new Error('the example has both');
    const traffic = async (): Promise<TrafficReading | undefined> => reading;
    expect(await probe(check, { config: exampleConfig, subject, http: fakeHttp(), traffic })).toMatchObject(expected);
  });
});
