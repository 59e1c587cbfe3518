import { describe, expect, it } from 'vitest';
import type { ReconcileStore } from '../../core/reconcile/store.ts';

/** Gives a test an empty store, as two users of it that know nothing of each other. */
export type WithReconcileStore = (use: (one: ReconcileStore, other: ReconcileStore) => Promise<void>) => Promise<void>;

/** What every store of plans guarantees. */
export function reconcileStoreContract(name: string, withStore: WithReconcileStore): void {
  describe(`the store of plans: ${name}`, () => {
    it('gives back what was stored, to the last letter', () =>
      withStore(async (one, other) => {
        const text = `{"a":"é日本 \\u0000"}\n\n${'x'.repeat(100_000)}`;
        await one.put('plan/found/orders/000001.json', text);
        expect(await other.get('plan/found/orders/000001.json')).toBe(text);
        await one.put('plan/empty', '');
        expect(await other.get('plan/empty')).toBe('');
      }));

    it('stores in the place of what was there', () =>
      withStore(async (one, other) => {
        await one.put('plan/a', 'a long text that was there before');
        await other.put('plan/a', 'short');
        expect(await one.get('plan/a')).toBe('short');
      }));

    it('has nothing under a name that nobody used, nor under the beginning of one', () =>
      withStore(async (one) => {
        await one.put('plan/a/b', 'x');
        expect(await one.get('plan')).toBeUndefined();
        expect(await one.get('plan/a')).toBeUndefined();
        expect(await one.get('plan/a/b/c')).toBeUndefined();
      }));

    it('creates once, whoever comes first', () =>
      withStore(async (one, other) => {
        const racers = Array.from({ length: 10 }, (_, index) => String(index));
        const won = await Promise.all(
          racers.map((text, index) => (index % 2 === 0 ? one : other).create('plan/approval.json', text)),
        );
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await one.get('plan/approval.json')).toBe(racers[won.indexOf(true)]);
        expect(await one.create('plan/approval.json', 'again')).toBe(false);
      }));

    it('lists names by their beginning, ascending by their bytes', () =>
      withStore(async (one, other) => {
        const names = ['plan/b', 'plan/a/2', 'plan/a/10', 'plan/B', 'plan-2/a', 'plan/é'];
        for (const each of names) await one.put(each, 'x');
        const found: string[] = [];
        for await (const each of other.names('plan/')) found.push(each);
        expect(found).toEqual(['plan/B', 'plan/a/10', 'plan/a/2', 'plan/b', 'plan/é']);
        for await (const each of other.names('nothing/')) expect(each).toBeUndefined();
      }));
  });
}
