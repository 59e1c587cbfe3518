import { describe, expect, it } from 'vitest';
import type { ApplicationState } from '../../../core/operation/application-state.ts';
import { createWriterMeter } from '../../../twin/scenarios/writer-meter.ts';
import { stateOf } from '../../_helpers/operations.ts';

const HELD = { operationId: 'first', writerRegion: null, phase: 'FAILING_BACK' } as const;

describe('who may write once an operation is over', () => {
  it.each<{ what: string; end: Partial<ApplicationState>; found: readonly string[] }>([
    { what: 'nobody', end: { operationId: null, phase: 'FAILED_OVER' }, found: ['first'] },
    { what: 'nobody, and a person is asked', end: { operationId: null, phase: 'NEEDS_OPERATOR' }, found: [] },
    { what: 'somebody', end: { operationId: null, writerRegion: 'ap-northeast-1', phase: 'FAILED_OVER' }, found: [] },
    { what: 'nobody, while the next one holds the application', end: { operationId: 'second' }, found: [] },
  ])('$what', ({ end, found }) => {
    const meter = createWriterMeter();
    meter.observe(stateOf({ operationId: null }));
    for (const state of [HELD, { ...HELD, ...end }, { ...HELD, ...end }]) meter.observe(stateOf(state));
    expect(meter.leftWithoutWriter).toEqual(found);
  });
});
