import type { Problem } from '../../errors.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';
import { PRESET_TRAITS, SECTION_PRESETS } from '../preset.ts';
import type { Preset } from '../schema.ts';

const ADR = 'docs/adr/0003-presets.md';

type PresetSection = keyof typeof SECTION_PRESETS;

/** What to write where a section is missing. */
const FOR_EXAMPLE: Readonly<Record<PresetSection, string>> = {
  accelerator: '{ dnsName: "a1234567890abcdef.awsglobalaccelerator.com" }',
  scaling: '{ targets: [{ kind: "ecs-service", cluster: "…", service: "…", desired: 4 }] }',
  conflicts: '{ orders: { tier: "critical", policy: "manual" } }',
  writeBuffer: '{}',
};

/** Policies that drop no version. Nothing keeps a dropped one yet. */
const LOSSLESS: readonly string[] = ['merge', 'manual'];

/** Presets whose standby runs small or not at all until it is scaled: the gate must know what it can carry then. */
const SCALED: ReadonlySet<string> = new Set(['warm-standby', 'cold-standby']);

/** Rules on what a preset needs, and on what belongs to another one. */
export const presetRules: readonly CrossFieldRule[] = [
  ...(Object.keys(SECTION_PRESETS) as PresetSection[]).map((section) =>
    rule({
      source: ADR,
      needs: ['preset', section],
      check: (sections) => belongsHere(section, sections.preset, sections[section]),
    }),
  ),
  rule({
    source: `nothing else says what a standby could carry once it has grown, ${ADR}`,
    needs: ['preset', 'regions'],
    check: ({ preset, regions }) =>
      !SCALED.has(preset)
        ? []
        : regions.flatMap(({ role, capacityRequestsPerSecond }, index) =>
            role !== 'standby' || capacityRequestsPerSecond !== undefined
              ? []
              : [
                  {
                    path: `regions[${index}].capacityRequestsPerSecond`,
                    message: `is required for the standby of the preset "${preset}"`,
                    allowed: 'more than 0',
                    remedy: 'say what the Region carries at the size that `scaling` gives it',
                  },
                ],
          ),
  }),
  rule({
    source: `every Region writes, so there is no writer to move, ${ADR}`,
    needs: ['preset', 'data'],
    check: ({ preset, data }) => (preset === 'data-active-active' ? singleWriterProblems(data) : []),
  }),
  rule({
    source: `the losing version would be gone without a trace, ${ADR}`,
    needs: ['conflicts'],
    check: ({ conflicts = {} }) =>
      Object.entries(conflicts).flatMap(([entity, { tier, policy }]) =>
        tier !== 'critical' || LOSSLESS.includes(policy)
          ? []
          : [
              {
                path: `conflicts.${entity}.policy`,
                message: 'loses a version of a critical entity silently',
                value: policy,
                allowed: LOSSLESS.join(', '),
                remedy: 'choose another policy, or the tier "eventual"',
              },
            ],
      ),
  }),
  rule({
    source: `records and checks alone, ${ADR}`,
    needs: ['preset', 'vantages', 'data', 'notify'],
    check: ({ preset, vantages, data, notify }) =>
      PRESET_TRAITS[preset].orchestrated
        ? []
        : [
            ...withoutEffect(preset, 'vantages', vantages, vantages.length > 0),
            ...withoutEffect(preset, 'data.adapter', data.adapter, data.adapter !== 'none'),
            ...withoutEffect(preset, 'notify.emails', notify.emails, notify.emails.length > 0),
          ],
  }),
];

function belongsHere(section: PresetSection, preset: Preset, given: unknown): readonly Problem[] {
  const owners: readonly Preset[] = SECTION_PRESETS[section];
  if (owners.includes(preset)) {
    if (given !== undefined) return [];
    const allowed = `for example ${FOR_EXAMPLE[section]}`;
    return [
      {
        path: section,
        message: `is required for the preset "${preset}"`,
        allowed,
        remedy: 'add it, or choose another preset',
      },
    ];
  }
  if (given === undefined) return [];
  const which = owners.map((owner) => `"${owner}"`).join(' or ');
  return [
    {
      path: section,
      message: `has no effect with the preset "${preset}"`,
      remedy: `remove it, or choose the preset ${which}`,
    },
  ];
}

function singleWriterProblems(data: { readonly adapter: string; readonly writes: string }): readonly Problem[] {
  const problem = (field: 'adapter' | 'writes', allowed: string): readonly Problem[] =>
    data[field] === allowed
      ? []
      : [
          {
            path: `data.${field}`,
            message: 'does not fit the preset "data-active-active"',
            value: data[field],
            allowed,
            remedy: 'leave it out, or choose the preset "active-active", which has one writer',
          },
        ];
  return [...problem('adapter', 'none'), ...problem('writes', 'forwarded')];
}

function withoutEffect(preset: Preset, path: string, value: unknown, given: boolean): readonly Problem[] {
  if (!given) return [];
  return [
    {
      path,
      message: `has no effect with the preset "${preset}", which has no machines and no observers`,
      value,
      remedy: 'remove it, or choose a preset that is orchestrated',
    },
  ];
}
