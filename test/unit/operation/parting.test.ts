import { describe, expect, it } from 'vitest';
import type { OperationRecord } from '../../../core/operation/operation-record.ts';
import { cutOf, earliestParting, hasSettledParting, partedAt } from '../../../core/operation/parting.ts';

const FENCED = 100_000;

function record(mode: string, detail: Readonly<Record<string, unknown>> | undefined): OperationRecord {
  const events =
    detail === undefined ? [] : [{ atEpochMs: 90_000, step: 'validate-target', outcome: 'done' as const, detail }];
  return { request: { mode }, events } as unknown as OperationRecord;
}

describe('up to when a source is known to have handed on its writes', () => {
  it.each([
    { what: 'the measurement less its lag', mode: 'automatic', lagSeconds: 1.5, measured: 80_000, parted: 78_500 },
    { what: 'never after the fence', mode: 'automatic', lagSeconds: 0, measured: 100_001, parted: FENCED },
    { what: 'the fence of planned work', mode: 'planned', lagSeconds: 3, measured: 80_000, parted: FENCED },
  ])('is $what', ({ mode, lagSeconds, measured, parted }) => {
    const detail = { lagSeconds, lagMeasuredAtEpochMs: measured };
    expect(partedAt(record(mode, detail), FENCED)).toBe(parted);
  });

  it('is unknown where no lag was measured', () => {
    expect(partedAt(record('automatic', {}), FENCED)).toBeNull();
    expect(partedAt(record('automatic', undefined), FENCED)).toBeNull();
  });
});

describe('since when Regions may differ', () => {
  it.each([
    { what: 'the new parting of an application that never moved', phase: 'STEADY', before: undefined, parted: 200 },
    { what: 'the new parting after an agreement', phase: 'FAILED_OVER', before: 'agreed', parted: 200 },
    { what: 'the earlier parting that nothing has settled', phase: 'FAILED_OVER', before: 100, parted: 100 },
    { what: 'the earlier one although the application is at home', phase: 'STEADY', before: 100, parted: 100 },
    { what: 'unknown once it was unknown', phase: 'FAILED_OVER', before: null, parted: null },
    { what: 'unknown after an item of an older version', phase: 'FAILED_OVER', before: undefined, parted: null },
  ] as const)('is $what', ({ phase, before, parted }) => {
    const snapshot = { phase, ...(before === undefined ? {} : { partedAtEpochMs: before }) };
    expect(earliestParting(snapshot, 200)).toBe(parted);
  });

  it('is unknown where the new parting is', () => {
    expect(earliestParting({ phase: 'FAILED_OVER', partedAtEpochMs: 100 }, null)).toBeNull();
    expect(earliestParting({ phase: 'STEADY' }, null)).toBeNull();
  });

  it('is the cut of a comparison, where it is known', () => {
    expect([cutOf({ partedAtEpochMs: 100 }), cutOf({ partedAtEpochMs: null }), cutOf({})]).toEqual([100, null, null]);
  });

  it.each([
    { what: 'a failback that found agreement', settled: true },
    { what: 'a failover', kind: 'failover', settled: false },
    { what: 'a failback that compared nothing', comparison: 'skipped', settled: false },
    { what: 'one that leaves a third Region out', evacuated: ['ap-northeast-2'], settled: false },
  ] as const)('is settled by $what: $settled', ({ settled, ...given }) => {
    const { kind = 'failback', comparison = 'AGREED', evacuated = [] } = given as Readonly<Record<string, unknown>>;
    const events = [{ atEpochMs: 1, step: 'reconcile-data', outcome: 'done', detail: { comparison } }];
    const request = { source: 'ap-northeast-1', target: 'ap-southeast-1' };
    expect(hasSettledParting({ kind, request, events } as never, { evacuated } as never)).toBe(settled);
  });
});
