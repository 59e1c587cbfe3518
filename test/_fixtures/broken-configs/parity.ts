import { dnsInput, passiveInput, SEOUL, SINGAPORE, TOKYO } from '../../_helpers/config.ts';
import type { BrokenConfig } from './broken-config.ts';

export const BROKEN_PARITY: readonly BrokenConfig[] = [
  {
    what: 'buckets of other Regions than the application runs in',
    input: passiveInput({
      parity: { blobs: [{ name: 'media', bucket: { [SINGAPORE]: 'media-one', [SEOUL]: 'media-two' } }] },
    }),
    problems: [
      {
        source: 'every Region is compared alike (docs/parity.md)',
        path: 'parity.blobs[0].bucket',
        message: 'does not name each application Region and no other',
        value: [SINGAPORE, SEOUL],
        allowed: `${SINGAPORE}, ${TOKYO}`,
        remedy: `correct ${TOKYO}, ${SEOUL}, or give one text with "{region}" in it`,
      },
    ],
  },
  {
    what: 'one bucket for both Regions',
    input: passiveInput({ parity: { blobs: [{ name: 'media', bucket: 'storefront-media' }] } }),
    problems: [
      {
        source: 'a bucket compared with itself is always equal (docs/parity.md)',
        path: 'parity.blobs[0].bucket',
        message: 'is the same bucket for two Regions',
        value: 'storefront-media',
        allowed: 'a bucket of its own for each application Region',
        remedy: 'put "{region}" into the name, or give one name per Region',
      },
    ],
  },
  {
    what: 'two manifests of one name',
    input: passiveInput({
      parity: {
        blobs: [
          { name: 'media', bucket: 'media-{region}' },
          { name: 'media', bucket: 'thumbnails-{region}' },
        ],
      },
    }),
    problems: [
      {
        source: 'reasons and records tell manifests apart by their names (docs/parity.md)',
        path: 'parity.blobs[1].name',
        message: 'is given to two manifests',
        value: 'media',
        remedy: 'give each its own',
      },
    ],
  },
  {
    what: 'a comparison that is unknown before the next one comes',
    input: passiveInput({ parity: { everyMinutes: 15, maximumAgeMinutes: 29 } }),
    problems: [
      {
        source: 'one missed comparison is not yet unknown (docs/parity.md)',
        path: 'parity.maximumAgeMinutes',
        message: 'is less than two comparisons apart',
        value: 29,
        allowed: 'at least 30',
        remedy: 'raise it, or lower parity.everyMinutes',
      },
    ],
  },
  {
    what: 'something to compare where nothing is orchestrated',
    input: dnsInput({ parity: { dedupe: {}, goldProbes: { path: '/gold' } } }),
    problems: ['goldProbes', 'dedupe'].map((field) => ({
      source: 'records and checks alone (docs/adr/0003-presets.md)',
      path: `parity.${field}`,
      message: 'has no effect with the preset "dns-failover", which has no machines that could be refused',
      remedy: 'remove it, or choose a preset that is orchestrated',
    })),
  },
];
