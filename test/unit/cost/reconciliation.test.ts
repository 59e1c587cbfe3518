import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../../core/config/types.ts';
import { totalUsd } from '../../../core/cost/cost-line.ts';
import { costPerReconciliation, PER_RECONCILIATION } from '../../../core/cost/reconciliation-cost.ts';
import { renderCost } from '../../../core/cost/render.ts';
import { RECONCILE } from '../../_fixtures/broken-configs/reconcile.ts';
import { testConfig } from '../../_helpers/config.ts';

interface Machine {
  readonly States: Readonly<Record<string, { readonly ItemProcessor?: Machine }>>;
}

const machine: Machine = JSON.parse(
  readFileSync(new URL('../../../state-machines/reconcile.asl.json', import.meta.url), 'utf8'),
);
const reconciling = (rowsPerRange: number) =>
  testConfig({ reconcile: { ...RECONCILE, rowsPerRange } } as Partial<ConfigInput>);

describe('what a reconciliation costs', () => {
  it('grows with the ranges of the tables, and not with what is at rest', () => {
    const [few, many] = [costPerReconciliation(reconciling(1_000_000)), costPerReconciliation(reconciling(10_000))];
    const of = (lines: typeof few, name: string): number => lines.find(({ what }) => what === name)?.quantity ?? 0;
    expect(of(few, 'objects of the plan written')).toBe(5 * PER_RECONCILIATION.writesPerRange);
    expect(of(many, 'objects of the plan written')).toBe(500 * PER_RECONCILIATION.writesPerRange);
    expect(of(many, 'state transitions') - of(few, 'state transitions')).toBe(
      495 * PER_RECONCILIATION.transitionsPerRange,
    );
    expect(totalUsd(many)).toBeGreaterThan(totalUsd(few));
    expect(totalUsd(many)).toBeLessThan(1);
  });

  it('counts the states that the machine and its children have', () => {
    const children = Object.values(machine.States).flatMap(({ ItemProcessor }) => ItemProcessor ?? []);
    expect(children).toHaveLength(PER_RECONCILIATION.callsPerRange);
    // Each child on its good way: what waits or gives up is not on it.
    const onTheWay = children.flatMap(({ States }) =>
      Object.keys(States).filter((name) => !/^(WaitFor|GiveUp)/.test(name)),
    );
    expect(PER_RECONCILIATION.transitionsPerRange).toBe(children.length + onTheWay.length);
  });

  it('is told where one is configured, and nowhere else', () => {
    expect(renderCost(reconciling(100_000))).toMatch(/a reconciliation of a million rows a table +0\.\d\d\n/);
    expect(costPerReconciliation(testConfig())).toEqual([]);
    expect(renderCost(testConfig())).not.toContain('a reconciliation of');
  });
});
