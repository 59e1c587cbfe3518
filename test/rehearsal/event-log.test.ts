import { describe, expect, it } from 'vitest';
import type { OperationResult } from '../../twin/scenarios/result-document.ts';
import { rehearse } from '../_helpers/rehearse.ts';

/** Facts of the last line of a step with that outcome. */
function line({ events }: OperationResult, step: string, outcome = 'done'): Readonly<Record<string, unknown>> {
  const found = events.findLast((event) => event.step === step && event.outcome === outcome);
  if (found === undefined) throw new Error(`${step} has written no line "${outcome}"`);
  return found.detail;
}

describe('the log of an operation', () => {
  it('tells who asked, what was found, what was done and how it ended', async () => {
    const { operations } = await rehearse({ scenario: 'region-outage' });
    const [failover] = operations;
    if (failover === undefined) throw new Error('nothing was started');
    expect(failover).toMatchObject({ requestedBy: 'automatic', reason: 'D200', status: 'SUCCEEDED', epoch: 1 });
    expect(line(failover, 'validate-target')).toMatchObject({
      lagSeconds: expect.any(Number),
      lagMeasuredAtEpochMs: expect.any(Number),
      loadRequestsPerSecond: expect.any(Number),
      reasons: [],
      notes: expect.any(Array),
    });
    expect(line(failover, 'fence-source')).toMatchObject({ writerEpoch: 1, by: 'lease-expired' });
    expect(line(failover, 'start-promotion', 'requested')).toMatchObject({ mode: 'failover', alreadyUnderWay: false });
    expect(line(failover, 'check-promotion')).toMatchObject({ promotedAtEpochMs: expect.any(Number) });
    expect(line(failover, 'shift-traffic')).toMatchObject({
      evacuated: failover.source,
      guardians: [expect.objectContaining({ done: true }), expect.objectContaining({ done: true })],
    });
    expect(line(failover, 'verify-answers')).toMatchObject({ servers: expect.any(Array) });
    expect(line(failover, 'verify-traffic')).toMatchObject({ target: expect.any(Number), before: expect.any(Number) });
    expect(line(failover, 'close-operation')).toMatchObject({ status: 'SUCCEEDED' });
    const times = failover.events.map(({ atSeconds }) => atSeconds);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('tells why a gate was closed, and what was put back', async () => {
    const { operations } = await rehearse({ scenario: 'promotion-fails' });
    const failed = operations.find(({ status }) => status === 'FAILED');
    if (failed === undefined) throw new Error('nothing has failed');
    expect(failed.requestedBy).toBe('operator');
    const compensated = failed.events.filter(({ outcome }) => outcome === 'compensated').map(({ detail }) => detail);
    expect(compensated).toContainEqual({ what: 'fence', did: expect.stringContaining('may write again') });
    expect(line(failed, 'roll-back')).toMatchObject({ reason: expect.any(String) });
  });
});
