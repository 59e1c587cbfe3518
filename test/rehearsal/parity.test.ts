import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../twin/scenarios/fault-schema.ts';
import type { RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { passiveInput, SINGAPORE, TOKYO, testConfig } from '../_helpers/config.ts';
import { broken, manualInput, rehearse } from '../_helpers/rehearse.ts';

const config = testConfig(
  passiveInput({
    data: { adapter: 'aurora-global', globalCluster: 'storefront', writes: 'forwarded' },
    failback: { bakeMinutes: 8, holdMinutes: 1 },
    contract: { expected: { schema_rev: '2026-11-03' } },
    parity: {
      revisions: ['schema_rev', 'model_tag', 'index_hash', 'secrets_rev'],
      blobs: [{ name: 'media', bucket: 'storefront-media-{region}', prefix: 'img/' }],
      goldProbes: { path: '/parity/gold' },
      dedupe: {},
      everyMinutes: 1,
    },
  }),
);
const ITEMS = ['index', 'revisions', 'blobs:media', 'gold-probes', 'dedupe-store'];
const DIFFERENCES: readonly Fault[] = [
  { kind: 'revision-differs', region: 'standby', revision: 'model_tag', value: 'm2', atSeconds: 60 },
  { kind: 'blob-differs', region: 'standby', manifest: 'media', as: 'missing', atSeconds: 60 },
  { kind: 'answers-drift', region: 'standby', drift: 0.04, atSeconds: 60 },
  { kind: 'dedupe-cold', region: 'standby', atSeconds: 60 },
];
const DARK: Fault = { kind: 'region-dark', region: 'primary', atSeconds: 300 };

/** The primary goes dark beside a standby that holds something else. */
const outage = (faults: readonly Fault[], changes: Partial<Scenario> = {}): Scenario => ({
  name: 'parity',
  about: 'a test',
  untilSeconds: 600,
  faults: [...faults, DARK],
  actions: [],
  expectations: [],
  ...changes,
});

const eventOf = (result: RehearsalResult, operation: number, step: string) =>
  result.operations[operation]?.events.find((event) => event.step === step);

describe('a failover to a Region that holds the same', () => {
  it('succeeds, with every item of parity in its record, and fences as soon as without', async () => {
    const result = await rehearse({ scenario: outage([]), config });
    expect(broken(result)).toEqual([]);
    expect(result.failover.status).toBe('SUCCEEDED');
    expect(eventOf(result, 0, 'validate-target')).toMatchObject({
      outcome: 'done',
      detail: { parity: ITEMS.map((item) => ({ item, verdict: 'equal' })) },
    });
    const { validate, fence } = result.failover.phases;
    expect((validate ?? 99) + (fence ?? 99)).toBeLessThanOrEqual(6);
  });
});

describe('a failover to a Region that holds something else', () => {
  it('is refused with every reason, and nobody moves; an emergency goes there, and lists what it skipped', async () => {
    const input = manualInput({ mode: 'emergency', requestedBy: 'operator' });
    const start = { action: 'start', machine: 'failover', atSeconds: 400, input } as const;
    const result = await rehearse({ scenario: outage(DIFFERENCES, { actions: [start], untilSeconds: 700 }), config });
    expect(broken(result)).toEqual([]);
    expect(result.operations.map(({ status }) => status)).toEqual(['ABORTED', 'SUCCEEDED']);
    const reasons = [
      `parity of revisions is broken: model_tag is "as-released" in ${SINGAPORE} and "m2" in ${TOKYO}`,
      'parity of blobs:media is broken: "img/a+b.jpg" is missing in the target',
      ...Array.from(
        { length: 10 },
        (_, index) => `parity of gold-probes is broken: question ${index + 1}: drift 0.0400, 0.03 is allowed`,
      ),
      `parity of dedupe-store is broken: dedupe-store in ${TOKYO} is cold`,
    ];
    expect(eventOf(result, 0, 'validate-target')).toMatchObject({ outcome: 'refused', detail: { reasons } });
    expect(eventOf(result, 0, 'fence-source')).toBeUndefined();
    expect(eventOf(result, 1, 'validate-target')).toMatchObject({
      outcome: 'done',
      detail: { skippedGates: expect.arrayContaining(reasons) },
    });
  });

  it('succeeds where the difference was mended, and compared again, before', async () => {
    const mended = DIFFERENCES.map((fault) => ({ ...fault, untilSeconds: 150 }) as Fault);
    const result = await rehearse({ scenario: outage(mended), config });
    expect(result.failover.status).toBe('SUCCEEDED');
  });
});

describe('without the gate', () => {
  afterEach(() => {
    vi.doUnmock('../../core/parity/judge-parity.ts');
    vi.resetModules();
  });

  it('the same outage moves everybody there', async () => {
    vi.resetModules();
    vi.doMock('../../core/parity/judge-parity.ts', async (importOriginal) => ({
      ...(await importOriginal<object>()),
      judgeParity: () => ({ items: [], reasons: [], notes: [] }),
    }));
    const mocked = await import('../_helpers/rehearse.ts');
    const result = await mocked.rehearse({ scenario: outage(DIFFERENCES), config });
    expect(result.failover.status).toBe('SUCCEEDED');
  });
});

describe('a failback', () => {
  const input = manualInput({ source: '{standby}', target: '{primary}' });
  const returning = (drift: Fault, untilSeconds: number): Scenario =>
    outage([], {
      faults: [{ ...DARK, untilSeconds: 480 } as Fault, drift],
      actions: [{ action: 'start', machine: 'failback', atSeconds: 840, input }],
      untilSeconds,
    });

  it('to a Region that came back with something else is refused with the reasons, before anything moves', async () => {
    const drift: Fault = { kind: 'answers-drift', region: 'primary', drift: 0.5, atSeconds: 480 };
    const result = await rehearse({ scenario: returning(drift, 900), config });
    expect(result.failback.status).toBe('ABORTED');
    expect(eventOf(result, 1, 'check-parity')).toMatchObject({
      outcome: 'refused',
      detail: { reasons: expect.arrayContaining([expect.stringContaining('question 10: drift 0.5000')]) },
    });
    expect(result.answers.atEnd).toEqual([{ value: `${TOKYO}.storefront.example`, share: 1 }]);
  });

  it('ends with a release that sets the Regions apart while a rung bakes', async () => {
    const released: Fault = {
      kind: 'revision-differs',
      region: 'primary',
      revision: 'model_tag',
      value: 'm2',
      atSeconds: 1_080,
    };
    const result = await rehearse({ scenario: returning(released, 1_380), config });
    expect(eventOf(result, 1, 'check-parity')).toMatchObject({ outcome: 'done' });
    expect(result.failback.status).toBe('ABORTED');
    expect(result.operations[1]?.events).toContainEqual(
      expect.objectContaining({
        step: 'check-rung',
        outcome: 'refused',
        detail: expect.objectContaining({
          percent: 10,
          reasons: [`parity of revisions is broken: model_tag is "as-released" in ${TOKYO} and "m2" in ${SINGAPORE}`],
        }),
      }),
    );
    expect(result.answers.atEnd).toEqual([{ value: `${TOKYO}.storefront.example`, share: 1 }]);
  });
});
