import { describe, expect, it } from 'vitest';
import type { OperationRecord } from '../../../core/operation/operation-record.ts';
import { partedAt } from '../../../core/operation/parting.ts';

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
