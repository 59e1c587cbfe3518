import { PRESET_TRAITS, SECTION_PRESETS } from '../core/config/preset.ts';
import { PRESET_DEFAULTS } from '../core/config/preset-defaults.ts';
import { PRESETS, type Preset } from '../core/config/schema.ts';
import { markdownTable } from './markdown-table.ts';

/** Every preset by the letter of its strategy: what it decides, needs and defaults to. */
export function renderPresetTable(): string {
  const byLetter = PRESETS.toSorted((a, b) => PRESET_TRAITS[a].strategy.localeCompare(PRESET_TRAITS[b].strategy));
  return markdownTable(
    [
      '',
      'preset',
      'what it is',
      'roles',
      'orchestrated',
      'DNS leaves a Region by',
      'section of its own',
      'other defaults',
    ],
    byLetter.map(rowOf),
  );
}

function rowOf(preset: Preset): readonly string[] {
  const { strategy, about, roles, orchestrated } = PRESET_TRAITS[preset];
  return [
    strategy,
    `\`${preset}\``,
    about,
    roles === 'one-primary' ? 'one `primary`, `standby`' : 'all `active`',
    orchestrated ? 'yes' : 'no',
    wayOut(preset),
    sectionOf(preset),
    defaultsOf(preset),
  ];
}

function wayOut(preset: Preset): string {
  const { front, leavesBySwitchOnly, orchestrated } = PRESET_TRAITS[preset];
  if (front === 'accelerator') return 'nothing: the accelerator does, by the health of its endpoints';
  if (leavesBySwitchOnly) return 'its switches alone';
  return orchestrated ? 'its switches, or its endpoint check' : 'its endpoint check';
}

function sectionOf(preset: Preset): string {
  const own = Object.entries(SECTION_PRESETS).filter(([, owners]) => (owners as readonly Preset[]).includes(preset));
  return own.map(([section]) => `\`${section}\``).join(', ') || '–';
}

function defaultsOf(preset: Preset): string {
  const given = Object.entries(PRESET_DEFAULTS[preset] ?? {});
  return given.map(([section, value]) => `\`${section}: ${JSON.stringify(value)}\``).join(', ') || '–';
}
