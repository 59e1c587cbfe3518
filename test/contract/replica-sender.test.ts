import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { coordinationPort } from '../../adapters/aws/create-ports.ts';
import { createReplicaSender, type DocumentSender } from '../../adapters/aws/replica-sender.ts';
import exampleConfig from '../../switchyard.config.ts';
import { ServiceError, timeoutError } from '../../twin/aws/service-error.ts';
import { createWorld, TWIN_DEPLOYMENT, type World } from '../../twin/world/world.ts';
import { OSAKA, SEOUL, SINGAPORE, TOKYO } from '../_helpers/coordination-samples.ts';
import { inVirtualTime, timed } from '../_helpers/in-virtual-time.ts';

const READ = new GetCommand({ TableName: 'any', Key: { application: 'storefront', item: 'now#state' } });

/** A replica that answers with its own name, or fails with what it is given. */
function replica(name: string, failure?: () => unknown): DocumentSender & { readonly asked: () => number } {
  let asked = 0;
  const send = async (): Promise<unknown> => {
    asked++;
    const error = failure?.();
    if (error !== undefined) throw error;
    return { Item: { name } };
  };
  return { send: send as DocumentSender['send'], asked: () => asked };
}

describe('sending to the first replica that answers', () => {
  it('asks the nearest alone while it answers', async () => {
    const [near, far] = [replica('near'), replica('far')];
    const sender = createReplicaSender([near, far]);
    await sender.send(READ);
    expect(await sender.send(READ)).toEqual({ Item: { name: 'near' } });
    expect([near.asked(), far.asked()]).toEqual([2, 0]);
  });

  it.each([
    ['does not answer', () => timeoutError(1_000)],
    ['has lost its address', () => Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })],
    ['reaches no quorum', () => new ServiceError('InternalServerError', 'no quorum', 500)],
    ['met a write of another Region', () => new ServiceError('ReplicatedWriteConflictException', 'conflict')],
  ])('goes on with the next one where a replica %s, and stays there', async (_, failure) => {
    const [near, far] = [replica('near', failure), replica('far')];
    const sender = createReplicaSender([near, far]);
    for (let call = 0; call < 3; call++) expect(await sender.send(READ)).toEqual({ Item: { name: 'far' } });
    expect([near.asked(), far.asked()]).toEqual([1, 3]);
  });

  it('comes back to the first where the second one fails', async () => {
    let down = true;
    const near = replica('near', () => (down ? timeoutError(1_000) : undefined));
    const far = replica('far', () => (down ? undefined : timeoutError(1_000)));
    const sender = createReplicaSender([near, far]);
    expect(await sender.send(READ)).toEqual({ Item: { name: 'far' } });
    down = false;
    expect(await sender.send(READ)).toEqual({ Item: { name: 'near' } });
  });

  it.each([
    ['a condition that does not hold', 'ConditionalCheckFailedException'],
    ['an input that is malformed', 'ValidationException'],
    ['a right that is missing', 'AccessDeniedException'],
  ])('takes %s for an answer and asks nobody else', async (_, name) => {
    const error = new ServiceError(name, 'no');
    const [near, far] = [replica('near', () => error), replica('far')];
    await expect(createReplicaSender([near, far]).send(READ)).rejects.toBe(error);
    expect([near.asked(), far.asked()]).toEqual([1, 0]);
  });

  it('gives the last error where no replica answers, having asked each once', async () => {
    const last = timeoutError(2_000);
    const [near, far] = [replica('near', () => timeoutError(1_000)), replica('far', () => last)];
    await expect(createReplicaSender([near, far]).send(READ)).rejects.toBe(last);
    expect([near.asked(), far.asked()]).toEqual([1, 1]);
  });
});

/** Two attempts of a second each, and the SDK's pause between them. */
const ONE_DEADLINE_MS = { from: 2_000, to: 2_300 };

function tableFrom(world: World, region: string) {
  return coordinationPort({
    config: exampleConfig,
    deployment: TWIN_DEPLOYMENT,
    region,
    clients: world.aws.clientsIn(region),
  });
}

describe('the coordination table while Regions are dark', () => {
  it('costs one deadline at the first call to a dead replica and nothing afterwards', () =>
    inVirtualTime(async (clock) => {
      const world = createWorld({ config: exampleConfig, clock, seed: 1 });
      const table = tableFrom(world, SINGAPORE);
      await table.readState();
      world.network.setDark(TOKYO, true);
      const first = await timed(clock, () => table.readState());
      expect(first.result.status).toBe('fulfilled');
      expect(first.tookMs).toBeGreaterThan(ONE_DEADLINE_MS.from);
      expect(first.tookMs).toBeLessThan(ONE_DEADLINE_MS.to);
      const second = await timed(clock, () => table.readState());
      expect(second.tookMs).toBeLessThan(300);
    }));

  it.each([
    ['the witness', OSAKA],
    ['the nearest replica', TOKYO],
    ['the other replica', SEOUL],
  ])('still judges conditions without %s', (_, dark) =>
    inVirtualTime(async (clock) => {
      const world = createWorld({ config: exampleConfig, clock, seed: 1 });
      const [one, other] = [tableFrom(world, SINGAPORE), tableFrom(world, SEOUL)];
      await one.readState();
      world.network.setDark(dark, true);
      expect(await one.transition({ expect: { epoch: 0 }, set: { epoch: 1 } })).toMatchObject({ epoch: 1 });
      if (dark !== SEOUL) expect(await other.transition({ expect: { epoch: 0 }, set: { epoch: 9 } })).toBeUndefined();
      expect(await one.transition({ expect: { epoch: 0 }, set: { epoch: 9 } })).toBeUndefined();
    }),
  );

  it('answers nothing where two of the three are gone, and says that it may pass', () =>
    inVirtualTime(async (clock) => {
      const world = createWorld({ config: exampleConfig, clock, seed: 1 });
      const table = tableFrom(world, SINGAPORE);
      await table.readState();
      world.network.setDark(OSAKA, true);
      world.network.setDark(TOKYO, true);
      await expect(table.readState()).rejects.toMatchObject({ name: 'TransientPlatformError', retryable: true });
      await expect(table.transition({ expect: { epoch: 0 }, set: { epoch: 1 } })).rejects.toMatchObject({
        name: 'TransientPlatformError',
      });
      world.network.setDark(TOKYO, false);
      expect((await table.readState()).epoch).toBe(0);
    }));

  it('reaches no quorum from a Region that is cut off from two members, and from its neighbour does', () =>
    inVirtualTime(async (clock) => {
      const world = createWorld({ config: exampleConfig, clock, seed: 1 });
      world.network.setCut(TOKYO, SEOUL, true);
      world.network.setCut(TOKYO, OSAKA, true);
      const isolated = coordinationPort({
        config: { ...exampleConfig, coordination: { replicas: [TOKYO], consistency: 'strong' } },
        deployment: TWIN_DEPLOYMENT,
        region: TOKYO,
        clients: world.aws.clientsIn(TOKYO),
      });
      await expect(isolated.readState()).rejects.toMatchObject({ name: 'TransientPlatformError' });
      expect((await tableFrom(world, SEOUL).readState()).epoch).toBe(0);
    }));

  it('does not fail a condition over to the other replica', () =>
    inVirtualTime(async (clock) => {
      const world = createWorld({ config: exampleConfig, clock, seed: 1 });
      const table = tableFrom(world, SINGAPORE);
      await table.readState();
      const before = world.aws.counts()['dynamodb:UpdateItem'] ?? 0;
      expect(await table.transition({ expect: { epoch: 5 }, set: { epoch: 6 } })).toBeUndefined();
      expect((world.aws.counts()['dynamodb:UpdateItem'] ?? 0) - before).toBe(1);
    }));
});
