import type { Preset } from './schema.ts';

/** What follows from a preset. */
export interface PresetTraits {
  /** The letter under which the strategy is known, A to H. */
  readonly strategy: string;
  /** What it is for, in one line. */
  readonly about: string;
  readonly roles: 'one-primary' | 'all-active';
  /**
   * True where data is promoted: then DNS leaves a Region by the evacuation switch alone, never by an endpoint check,
   * since it must not move before the fence or onto a standby that is not ready.
   */
  readonly leavesBySwitchOnly: boolean;
  /** False where there are records and checks only: no machines, no coordination table, no observers. */
  readonly orchestrated: boolean;
  /** What the records lead to: the Regions themselves, or an accelerator that chooses among them. */
  readonly front: 'regions' | 'accelerator';
}

/** One primary whose data is promoted elsewhere when it is left. */
const PROMOTED = { roles: 'one-primary', leavesBySwitchOnly: true, orchestrated: true, front: 'regions' } as const;
/** Every Region serves, and machines leave and let in. */
const SHARED = { roles: 'all-active', leavesBySwitchOnly: false, orchestrated: true, front: 'regions' } as const;

/** The presets and what they decide. */
export const PRESET_TRAITS: Readonly<Record<Preset, PresetTraits>> = {
  'active-active': { strategy: 'A', about: 'every Region serves; data has one writer or none', ...SHARED },
  'active-passive': { strategy: 'B', about: 'one Region serves, the others stand by at full size', ...PROMOTED },
  'global-load-balancer': {
    strategy: 'C',
    about: 'AWS Global Accelerator chooses among the Regions by the health of its endpoints',
    roles: 'all-active',
    leavesBySwitchOnly: false,
    orchestrated: false,
    front: 'accelerator',
  },
  'dns-failover': {
    strategy: 'D',
    about: 'records and checks alone',
    roles: 'one-primary',
    leavesBySwitchOnly: false,
    orchestrated: false,
    front: 'regions',
  },
  'warm-standby': { strategy: 'E', about: 'as B, with standbys that run small and grow', ...PROMOTED },
  'cold-standby': { strategy: 'F', about: 'as E from nothing; a person starts it', ...PROMOTED },
  'data-active-active': { strategy: 'G', about: 'as A, with writes in every Region and nothing to promote', ...SHARED },
  'queue-based-writes': {
    strategy: 'H',
    about: 'as B, with writes that wait in a queue while nobody may commit',
    ...PROMOTED,
  },
};

/** The sections that belong to certain presets: required there, refused elsewhere. */
export const SECTION_PRESETS = {
  accelerator: ['global-load-balancer'],
  scaling: ['warm-standby', 'cold-standby'],
  conflicts: ['data-active-active'],
  writeBuffer: ['queue-based-writes'],
} as const satisfies Readonly<Record<string, readonly Preset[]>>;

/** Whether the name itself is a failover record, which is where a last resort has its place. */
export function hasFailoverTop(preset: Preset): boolean {
  const { roles, front } = PRESET_TRAITS[preset];
  return roles === 'one-primary' || front === 'accelerator';
}

/** Whether Route 53 probes the Regions' front doors: where they gate records, or where a last resort waits for them. */
export function probesEndpoints({
  preset,
  lastResort,
}: {
  readonly preset: Preset;
  readonly lastResort?: unknown;
}): boolean {
  const { front, leavesBySwitchOnly } = PRESET_TRAITS[preset];
  return lastResort !== undefined || (front === 'regions' && !leavesBySwitchOnly);
}
