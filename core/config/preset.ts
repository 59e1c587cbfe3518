import type { Preset } from './schema.ts';

/** What follows from a preset. */
export interface PresetTraits {
  readonly roles: 'one-primary' | 'all-active';
  /**
   * True where data is promoted: then DNS leaves a Region by the evacuation switch alone, never by an endpoint check,
   * since it must not move before the fence or onto a standby that is not ready.
   */
  readonly leavesBySwitchOnly: boolean;
  /** False where there are records and checks only: no machines, no coordination table, no observers. */
  readonly orchestrated: boolean;
}

/** The presets and what they decide. */
export const PRESET_TRAITS: Readonly<Record<Preset, PresetTraits>> = {
  'active-active': { roles: 'all-active', leavesBySwitchOnly: false, orchestrated: true },
  'active-passive': { roles: 'one-primary', leavesBySwitchOnly: true, orchestrated: true },
  'dns-failover': { roles: 'one-primary', leavesBySwitchOnly: false, orchestrated: false },
};
