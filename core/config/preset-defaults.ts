import type { Preset } from './schema.ts';
import type { ConfigInput } from './types.ts';

type Defaults = Readonly<Pick<ConfigInput, 'automation' | 'writeBuffer'>>;

/** Where a preset has another default than the rest. Every one of them may be given. */
export const PRESET_DEFAULTS: Readonly<Partial<Record<Preset, Defaults>>> = {
  // Nothing runs there yet: whether the business waits or goes elsewhere is for a person to say.
  'cold-standby': { automation: { enabled: false } },
  'queue-based-writes': { writeBuffer: {} },
};

/** The input with its preset's defaults where it says nothing; whatever is malformed is left for the schema to refuse. */
export function withPresetDefaults(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const defaults = Object.entries(PRESET_DEFAULTS).find(([preset]) => preset === input['preset'])?.[1] ?? {};
  const merged = Object.entries(defaults).map(([section, fallback]) => {
    const given = input[section];
    const isSection = typeof given === 'object' && given !== null && !Array.isArray(given);
    return [section, given === undefined ? fallback : isSection ? { ...fallback, ...given } : given];
  });
  return { ...input, ...Object.fromEntries(merged) };
}
