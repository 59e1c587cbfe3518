import { describe, expect, it } from 'vitest';
import { reconciledEntities } from '../../../core/config/reconcile-entities.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { RECONCILE } from '../../_fixtures/broken-configs/reconcile.ts';
import { inputFor } from '../../_fixtures/preset-matrix.ts';
import { passiveInput, problemsIn } from '../../_helpers/config.ts';

const entitiesOf = (input: unknown) => reconciledEntities(resolveConfig(input));

describe('what is reconciled', () => {
  it('is nothing where no section says so', () => {
    expect(entitiesOf(passiveInput())).toEqual([]);
  });

  it('is by default orders, payments and inventory as critical, customers and products as eventual', () => {
    const found = entitiesOf(passiveInput({ reconcile: RECONCILE })).map(({ name, tier, policy, table }) => ({
      name,
      tier,
      policy,
      table,
    }));
    expect(found).toEqual([
      { name: 'customers', tier: 'eventual', policy: 'last-writer-wins', table: 'customers' },
      { name: 'products', tier: 'eventual', policy: 'last-writer-wins', table: 'products' },
      { name: 'orders', tier: 'critical', policy: 'manual', table: 'orders' },
      { name: 'payments', tier: 'critical', policy: 'manual', table: 'payments' },
      { name: 'inventory', tier: 'critical', policy: 'manual', table: 'inventory' },
    ]);
  });

  it('is refused under a name that is none, with what a name is', () => {
    const entities = { order_items: { tier: 'critical', policy: 'manual' } } as const;
    expect(problemsIn(passiveInput({ reconcile: { ...RECONCILE, entities } }))).toEqual([
      expect.objectContaining({
        path: 'reconcile.entities.order_items',
        message: expect.stringMatching(/^is no name of an entity; allowed: 1–63 characters/),
        value: 'order_items',
      }),
    ]);
  });

  it('changes, adds and removes rows of the default table by name', () => {
    const entities = {
      customers: false,
      orders: { table: 'shop.orders', policy: 'last-writer-wins' },
      carts: { tier: 'eventual', policy: 'source-wins' },
    } as const;
    const found = entitiesOf(passiveInput({ reconcile: { ...RECONCILE, entities } }));
    expect(found.map(({ name }) => name)).toEqual(['products', 'orders', 'payments', 'inventory', 'carts']);
    expect(found.find(({ name }) => name === 'orders')).toMatchObject({
      tier: 'critical',
      policy: 'last-writer-wins',
      table: 'shop.orders',
    });
  });

  it('takes tier and policy of `conflicts` where the section says nothing', () => {
    const shared = inputFor('data-active-active', 2);
    const conflicts = { carts: { tier: 'eventual', policy: 'target-wins' } } as const;
    const regions = (shared.regions as readonly { id: string }[]).map(({ id }) => [id, { secret: `shop/${id}` }]);
    const store = { kind: 'postgres', connections: Object.fromEntries(regions) } as const;
    const found = entitiesOf({ ...shared, conflicts, reconcile: { store } });
    expect(found.find(({ name }) => name === 'carts')).toMatchObject({ tier: 'eventual', policy: 'target-wins' });
  });

  it('asks for tier and policy of an entity that no default has', () => {
    const paths = problemsIn(passiveInput({ reconcile: { ...RECONCILE, entities: { carts: {} } } })).map(
      ({ path }) => path,
    );
    expect(paths).toEqual(expect.arrayContaining(['reconcile.entities.carts.tier', 'reconcile.entities.carts.policy']));
  });

  it.each([
    { data: { adapter: 'aurora-global', globalCluster: 'storefront' }, repair: 'source-only' },
    { data: { adapter: 'rds-replica', instance: 'storefront' }, repair: 'source-only' },
    { data: { adapter: 'dynamodb-global', table: 'storefront' }, repair: 'both-sides' },
    { data: { adapter: 'none' }, repair: 'both-sides' },
  ] as const)('is repaired $repair by default with $data.adapter', ({ data, repair }) => {
    expect(resolveConfig(passiveInput({ data, reconcile: RECONCILE })).reconcile?.repair).toBe(repair);
    const chosen = passiveInput({ data, reconcile: { ...RECONCILE, repair: 'both-sides' } });
    expect(resolveConfig(chosen).reconcile?.repair).toBe('both-sides');
  });

  it('is repaired in the source alone by default where DynamoDB replicates', () => {
    const [replicated, apart] = [{ adapter: 'dynamodb-global', table: 'storefront' }, { adapter: 'none' }] as const;
    const repairOf = (data: typeof replicated | typeof apart) =>
      resolveConfig(passiveInput({ data, reconcile: { store: { kind: 'dynamodb' } } })).reconcile?.repair;
    expect(repairOf(replicated)).toBe('source-only');
    expect(repairOf(apart)).toBe('both-sides');
  });

  it('resolves again to the same config', () => {
    const resolved = resolveConfig(passiveInput({ reconcile: RECONCILE }));
    expect(resolveConfig(JSON.parse(JSON.stringify(resolved)))).toEqual(resolved);
  });
});
