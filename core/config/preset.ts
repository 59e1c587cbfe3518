import type { Preset } from './schema.ts';

/** What follows from a preset. */
export interface PresetTraits {
  /** The letter of the strategy in the documentation. */
  readonly strategy: 'A' | 'B' | 'D';
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
  'active-active': { strategy: 'A', roles: 'all-active', leavesBySwitchOnly: false, orchestrated: true },
  'active-passive': { strategy: 'B', roles: 'one-primary', leavesBySwitchOnly: true, orchestrated: true },
  'dns-failover': { strategy: 'D', roles: 'one-primary', leavesBySwitchOnly: false, orchestrated: false },
};
