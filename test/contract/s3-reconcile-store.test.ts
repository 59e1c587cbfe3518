import { beforeAll, describe, expect, it } from 'vitest';
import { s3Client } from '../../adapters/aws/clients.ts';
import { createS3ReconcileStore } from '../../adapters/aws/s3-reconcile-store.ts';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import type { ReconcileStore } from '../../core/reconcile/store.ts';
import { createAwsWorld } from '../../twin/aws/aws-world.ts';
import { primeClients } from '../../twin/aws/prime-clients.ts';
import { createObjectStore } from '../../twin/aws/s3.ts';
import { ServiceError } from '../../twin/aws/service-error.ts';
import { createNetwork } from '../../twin/world/network.ts';

beforeAll(primeClients);

/** A store on the real client, whose calls the twin's objects answer, or an error does. */
function onTwin(failure?: ServiceError): ReconcileStore {
  const { handlers } = createObjectStore();
  const fail = (): never => {
    throw failure;
  };
  const failing = { GetObject: fail, PutObject: fail, ListObjectsV2: fail };
  const aws = createAwsWorld({
    clock: { nowEpochMs: () => 0, sleep: async () => undefined },
    network: createNetwork(
      () => 0,
      () => 0.5,
    ),
    random: () => 0.5,
    services: { s3: failure === undefined ? handlers : failing },
  });
  const client = s3Client('ap-southeast-1', aws.clientsIn('ap-southeast-1'));
  return createS3ReconcileStore(client, 'sy-plans-storefront');
}

const STORES = { 'Amazon S3': () => onTwin(), memory: createMemoryStore };

describe.each(Object.entries(STORES))('the store of plans in %s', (_, open) => {
  it('gives back what was put, whole, and nothing where nothing was', async () => {
    const store = open();
    expect(await store.get('p/header.json')).toBeUndefined();
    await store.put('p/header.json', 'one');
    await store.put('p/header.json', '{"two":"ü"}');
    expect(await store.get('p/header.json')).toBe('{"two":"ü"}');
  });

  it('creates an object once', async () => {
    const store = open();
    expect(await store.create('p/approval.json', 'first')).toBe(true);
    expect(await store.create('p/approval.json', 'second')).toBe(false);
    expect(await store.get('p/approval.json')).toBe('first');
  });

  it('lists every name with a beginning, however many, in the order of their bytes', async () => {
    const store = open();
    const names = Array.from({ length: 1_001 }, (_, index) => `p/found/${String(index).padStart(6, '0')}.json`);
    for (const name of [...names.toReversed(), 'q/found/000000.json']) await store.put(name, 'x');
    const found: string[] = [];
    for await (const name of store.names('p/found/')) found.push(name);
    expect(found).toEqual(names);
  });
});

describe('the store of plans in Amazon S3', () => {
  it.each([
    {
      what: 'throttling',
      failure: new ServiceError('SlowDown', 'Please reduce your request rate.', 503),
      name: 'TransientStoreError',
    },
    { what: 'a refusal', failure: new ServiceError('AccessDenied', 'Access Denied', 403), name: 'StoreRefusedError' },
  ])('names the object and the cause of $what', async ({ failure, name }) => {
    const store = onTwin(failure);
    const error = { name, message: expect.stringContaining(failure.name) };
    await expect(store.get('p/header.json')).rejects.toMatchObject(error);
    await expect(store.put('p/header.json', 'x')).rejects.toMatchObject(error);
    await expect(store.create('p/header.json', 'x')).rejects.toMatchObject(error);
    await expect(store.names('p/')[Symbol.asyncIterator]().next()).rejects.toMatchObject(error);
  });
});
