/** A fault of the control planes: their APIs fail, what they configured goes on working. */
export const CONTROL_PLANE_REGIONS = ['us-east-1', 'us-west-2'] as const;

/** Who can reach whom. A dark Region answers nobody and reaches nobody. */
export interface Network {
  isDark(region: string): boolean;
  setDark(region: string, dark: boolean): void;
  /** Whether something in one Region can talk to something in another, or to itself. */
  connects(from: string, to: string): boolean;
  /** Cuts or mends the way between two Regions, both directions. */
  setCut(a: string, b: string, cut: boolean): void;
  controlPlanesFail(): boolean;
  failControlPlanes(fail: boolean): void;
  /** Whether an observer's probes of other Regions get through; its other calls do. */
  isBlind(observer: string): boolean;
  setBlind(observer: string, blind: boolean): void;
  /** When the Region last went dark, epoch ms; undefined where it is not dark. */
  darkSince(region: string): number | undefined;
}

/** A network in which everybody reaches everybody. */
export function createNetwork(now: () => number): Network {
  const dark = new Map<string, number>();
  const cuts = new Set<string>();
  const blind = new Set<string>();
  let controlPlanesDown = false;
  const link = (a: string, b: string): string => [a, b].toSorted().join('|');
  const toggle = <T>(set: Set<T>, value: T, on: boolean): void => void (on ? set.add(value) : set.delete(value));
  return {
    isDark: (region) => dark.has(region),
    setDark: (region, isDark) => void (isDark ? dark.set(region, now()) : dark.delete(region)),
    darkSince: (region) => dark.get(region),
    connects: (from, to) =>
      !dark.has(from) && !dark.has(to) && (from === to || cuts.size === 0 || !cuts.has(link(from, to))),
    setCut: (a, b, cut) => toggle(cuts, link(a, b), cut),
    controlPlanesFail: () => controlPlanesDown,
    failControlPlanes: (fail) => {
      controlPlanesDown = fail;
    },
    isBlind: (observer) => blind.has(observer),
    setBlind: (observer, isBlind) => toggle(blind, observer, isBlind),
  };
}
