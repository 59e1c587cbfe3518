import { describe, expect, it } from 'vitest';
import { createCustomDataTier } from '../../adapters/aws/custom-data-tier.ts';
import { withTier } from '../_helpers/answered-tier.ts';
import { passiveInput, SINGAPORE, TOKYO, testConfig } from '../_helpers/config.ts';

const config = testConfig(passiveInput({ data: { adapter: 'custom', function: 'shop-data', timeoutSeconds: 3 } }));
const data = config.data as Parameters<typeof createCustomDataTier>[0]['data'];
const PROMOTION = { target: TOKYO, mode: 'failover', operationId: 'op-1', fencedAtEpochMs: 5 } as const;

/** The data tier behind a function that always returns this; nothing where it does not answer. */
function tierOf(returned: unknown) {
  const calls: { name: string; payload: unknown; timeoutMs: number }[] = [];
  const tier = createCustomDataTier({
    config,
    data,
    functions: {
      call: async (name, payload, timeoutMs) => {
        calls.push({ name, payload, timeoutMs });
        if (returned === undefined) return { answered: false, reason: 'shop-data failed: {}' };
        return { answered: true, body: typeof returned === 'string' ? returned : JSON.stringify(returned) };
      },
    },
  });
  return { tier, calls };
}

describe("a function of the user's in front of a data tier", () => {
  it('is asked by action, with the application and its own timeout', async () => {
    const { tier, calls } = tierOf({ accepted: true });
    await tier.promote(PROMOTION);
    expect(calls).toEqual([
      { name: 'shop-data', timeoutMs: 3000, payload: { application: 'storefront', action: 'promote', ...PROMOTION } },
    ]);
  });

  it.each([
    { writerRegion: TOKYO, movingTo: null },
    { writerRegion: null, movingTo: TOKYO },
    { writerRegion: null, movingTo: null },
  ])('may say that the status is %o', async (status) => {
    expect(await tierOf(status).tier.status()).toEqual(status);
  });

  it('says how far a copy is behind, or that nobody knows', async () => {
    const reading = { seconds: 2.5, measuredAtEpochMs: 1000 };
    expect(await tierOf(reading).tier.replicationLag(TOKYO, SINGAPORE)).toEqual(reading);
    expect(await tierOf({ seconds: null }).tier.replicationLag(TOKYO)).toBeUndefined();
  });

  it('says what is in the way', async () => {
    expect(await tierOf({ obstacles: ['no copy there'] }).tier.obstacles(TOKYO)).toEqual(['no copy there']);
  });

  it('refuses with its reason', async () => {
    await expect(tierOf({ accepted: false, reason: 'the disk is full' }).tier.promote(PROMOTION)).rejects.toMatchObject(
      {
        name: 'PromotionRefusedError',
        message: 'function shop-data refused: the disk is full',
      },
    );
  });
});

describe('what is no answer', () => {
  const asks = {
    status: (tier: ReturnType<typeof tierOf>['tier']) => tier.status(),
    lag: (tier: ReturnType<typeof tierOf>['tier']) => tier.replicationLag(TOKYO),
    obstacles: (tier: ReturnType<typeof tierOf>['tier']) => tier.obstacles(TOKYO),
    promote: (tier: ReturnType<typeof tierOf>['tier']) => tier.promote(PROMOTION),
  };

  it.each([
    { action: 'status', returned: { writerRegion: 'eu-west-1', movingTo: null } },
    { action: 'status', returned: { writerRegion: TOKYO } },
    { action: 'status', returned: 'null' },
    { action: 'lag', returned: { seconds: -1, measuredAtEpochMs: 1 } },
    { action: 'lag', returned: { seconds: 1 } },
    { action: 'lag', returned: '' },
    { action: 'obstacles', returned: { obstacles: [1] } },
    { action: 'obstacles', returned: {} },
    { action: 'promote', returned: { accepted: 'yes' } },
    { action: 'promote', returned: { accepted: false } },
    { action: 'promote', returned: '<html>' },
    { action: 'promote', returned: undefined },
  ] as const)('to "$action" ($returned) may pass: nothing is known', async ({ action, returned }) => {
    await expect(asks[action](tierOf(returned).tier)).rejects.toMatchObject({
      name: 'TransientPlatformError',
      retryable: true,
      message: expect.stringContaining(`asked for "${action}"`),
    });
  });
});

describe('in the world of the twin', () => {
  it('a promotion is started, and looked at until the target writes', () =>
    withTier({ adapter: 'custom', function: 'shop-data' }, async ({ tier, clock }) => {
      await tier.promote({ target: TOKYO, mode: 'failover' });
      expect(await tier.status()).toEqual({ writerRegion: null, movingTo: TOKYO });
      await clock.sleep(120_000);
      expect(await tier.status()).toEqual({ writerRegion: TOKYO, movingTo: null });
    }));

  it.each([
    { error: 'ResourceNotFoundException' },
    { error: 'TooManyRequestsException' },
    { error: 'KMSAccessDeniedException' },
  ])('a function that cannot be called ($error) says nothing', ({ error }) =>
    withTier({ adapter: 'custom', function: 'shop-data' }, async ({ tier, refuse }) => {
      refuse('lambda', 'Invoke', error);
      await expect(tier.status()).rejects.toMatchObject({
        name: 'TransientPlatformError',
        message: expect.stringContaining(error),
      });
    }),
  );
});
