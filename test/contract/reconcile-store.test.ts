import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderStore } from '../../adapters/folder-store.ts';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { reconcileStoreContract } from '../_helpers/reconcile-store-contract.ts';

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-plans-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

reconcileStoreContract('in memory', async (use) => {
  const store = createMemoryStore();
  await use(store, store);
});

reconcileStoreContract('in a folder', (use) =>
  withFolder((folder) => use(createFolderStore(join(folder, 'new')), createFolderStore(join(folder, 'new')))),
);

describe('a folder of plans', () => {
  it('holds nothing that is half written', () =>
    withFolder(async (folder) => {
      const store = createFolderStore(folder);
      await store.put('plan/a', 'x');
      await store.create('plan/a', 'y');
      expect(readdirSync(join(folder, 'plan'))).toEqual(['a']);
    }));

  it('says what cannot be kept, and what to do', () =>
    withFolder(async (folder) => {
      writeFileSync(join(folder, 'plan'), 'a file in the way');
      await expect(createFolderStore(folder).put('plan/a', 'x')).rejects.toMatchObject({
        name: 'StoreRefusedError',
        message: expect.stringContaining('plan/a cannot be kept'),
      });
    }));
});
