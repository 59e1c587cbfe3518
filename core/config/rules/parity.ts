import { applicationRegions } from '../accessors.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';
import { PRESET_TRAITS } from '../preset.ts';
import { textFor } from '../regional.ts';
import { regionProblems } from './check-kinds.ts';

/** Rules on what is compared between Regions. */
export const parityRules: readonly CrossFieldRule[] = [
  rule({
    source: 'every Region is compared alike (docs/parity.md)',
    needs: ['parity', 'regions'],
    check: ({ parity, regions }) =>
      parity.blobs.flatMap(({ bucket }, index) =>
        typeof bucket === 'string'
          ? []
          : regionProblems(
              { path: `parity.blobs[${index}].bucket`, value: bucket },
              regions.map(({ id }) => id),
            ),
      ),
  }),
  rule({
    source: 'a bucket compared with itself is always equal (docs/parity.md)',
    needs: ['parity', 'regions'],
    check: ({ parity, regions }) =>
      parity.blobs.flatMap(({ bucket }, index) => {
        const named = applicationRegions({ regions }).map((region) => textFor(bucket, region));
        if (new Set(named).size === named.length) return [];
        return [
          {
            path: `parity.blobs[${index}].bucket`,
            message: 'is the same bucket for two Regions',
            value: bucket,
            allowed: 'a bucket of its own for each application Region',
            remedy: 'put "{region}" into the name, or give one name per Region',
          },
        ];
      }),
  }),
  rule({
    source: 'reasons and records tell manifests apart by their names (docs/parity.md)',
    needs: ['parity'],
    check: ({ parity }) =>
      parity.blobs.flatMap(({ name }, index) =>
        parity.blobs.findIndex((other) => other.name === name) === index
          ? []
          : [
              {
                path: `parity.blobs[${index}].name`,
                message: 'is given to two manifests',
                value: name,
                remedy: 'give each its own',
              },
            ],
      ),
  }),
  rule({
    source: 'one missed comparison is not yet unknown (docs/parity.md)',
    needs: ['parity'],
    check: ({ parity: { everyMinutes, maximumAgeMinutes } }) =>
      maximumAgeMinutes >= 2 * everyMinutes
        ? []
        : [
            {
              path: 'parity.maximumAgeMinutes',
              message: 'is less than two comparisons apart',
              value: maximumAgeMinutes,
              allowed: `at least ${2 * everyMinutes}`,
              remedy: 'raise it, or lower parity.everyMinutes',
            },
          ],
  }),
  rule({
    source: 'records and checks alone (docs/adr/0003-presets.md)',
    needs: ['preset', 'parity'],
    check: ({ preset, parity }) => {
      if (PRESET_TRAITS[preset].orchestrated) return [];
      const given = {
        blobs: parity.blobs.length > 0,
        goldProbes: parity.goldProbes !== undefined,
        dedupe: parity.dedupe !== undefined,
      };
      return Object.entries(given)
        .filter(([, isGiven]) => isGiven)
        .map(([field]) => ({
          path: `parity.${field}`,
          message: `has no effect with the preset "${preset}", which has no machines that could be refused`,
          remedy: 'remove it, or choose a preset that is orchestrated',
        }));
    },
  }),
];
