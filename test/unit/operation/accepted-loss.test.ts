import { describe, expect, it } from 'vitest';
import { acceptedLoss } from '../../../core/operation/accepted-loss.ts';
import { requestSample } from '../../_helpers/coordination-samples.ts';

const BUDGET = { seconds: 5, by: 'data.lossBudgetSeconds' };

describe('a loss', () => {
  it.each([
    { what: 'within the loss budget', budget: 5, request: {}, loss: BUDGET },
    { what: 'automatically, within the loss budget', budget: 5, request: { mode: 'automatic' }, loss: BUDGET },
    { what: 'by nobody where the budget is 0', budget: 0, request: {}, loss: undefined },
    {
      what: 'by name where the budget is 0',
      budget: 0,
      request: { acceptDataLossSeconds: 1 },
      loss: { seconds: 1, by: 'acceptDataLossSeconds' },
    },
    {
      what: 'by nobody where a person accepts none',
      budget: 5,
      request: { acceptDataLossSeconds: 0 },
      loss: undefined,
    },
    {
      what: 'by an emergency, whatever it is',
      budget: 0,
      request: { mode: 'emergency' },
      loss: { seconds: null, by: 'emergency' },
    },
    {
      what: 'by nobody in an emergency where a person accepts none',
      budget: 5,
      request: { mode: 'emergency', acceptDataLossSeconds: 0 },
      loss: undefined,
    },
    {
      what: 'by name in an emergency',
      budget: 0,
      request: { mode: 'emergency', acceptDataLossSeconds: 9 },
      loss: { seconds: 9, by: 'acceptDataLossSeconds' },
    },
    { what: 'by nobody in planned mode', budget: 5, request: { mode: 'planned' }, loss: undefined },
    {
      what: 'by nobody in planned mode, also by name',
      budget: 5,
      request: { mode: 'planned', acceptDataLossSeconds: 9 },
      loss: undefined,
    },
  ] as const)('is accepted $what', ({ budget, request, loss }) => {
    const record = { kind: 'failover', request: requestSample(request) } as const;
    expect(acceptedLoss({ lossBudgetSeconds: budget }, record)).toEqual(loss);
  });

  it('is accepted by nobody on the way back', () => {
    const record = {
      kind: 'failback',
      request: requestSample({ mode: 'emergency', acceptDataLossSeconds: 9 }),
    } as const;
    expect(acceptedLoss({ lossBudgetSeconds: 5 }, record)).toBeUndefined();
  });
});
