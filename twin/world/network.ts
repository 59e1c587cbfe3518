import type { Random } from '../random.ts';

/** A fault of the control planes: their APIs fail, what they configured goes on working. */
export const CONTROL_PLANE_REGIONS = ['us-east-1', 'us-west-2'] as const;

/** Who can reach whom. A dark Region answers nobody and reaches nobody. */
export interface Network {
  isDark(region: string): boolean;
  setDark(region: string, dark: boolean): void;
  /** Whether something in one Region can talk to something in another, or to itself: APIs, replication, forwarded writes. */
  connects(from: string, to: string): boolean;
  /** Whether what is in a Region reaches the front door of another, which the internet leads to. */
  reachesFrontDoor(from: string, to: string): boolean;
  /** Cuts or mends the way between two Regions, both directions. */
  setCut(a: string, b: string, cut: boolean): void;
  /** Cuts a Region off from all others, or joins it to them again; its front door goes on answering. */
  setCutOff(region: string, cutOff: boolean): void;
  controlPlanesFail(): boolean;
  failControlPlanes(fail: boolean): void;
  /** Whether an observer's probes of other Regions get through; its other calls do. */
  isBlind(observer: string): boolean;
  setBlind(observer: string, blind: boolean): void;
  /** Whether a probe gets lost on its way; drawn anew for each. */
  losesProbe(): boolean;
  /** Sets the share of probes that get lost, 0 to 1. */
  setProbeLoss(share: number): void;
  /** Whether nobody reaches the buckets of a Region: neither its API nor who reads an object of it. */
  losesBuckets(region: string): boolean;
  setBucketsLost(region: string, lost: boolean): void;
  /** Since when nothing of the Region has reached any other: dark or cut off, epoch ms; undefined where neither. */
  isolatedSince(region: string): number | undefined;
}

/** A network in which everybody reaches everybody. */
export function createNetwork(now: () => number, randomForProbes: Random): Network {
  const dark = new Map<string, number>();
  const cutOff = new Map<string, number>();
  const cuts = new Set<string>();
  const blind = new Set<string>();
  const bucketsLost = new Set<string>();
  let controlPlanesDown = false;
  let probeLoss = 0;
  const link = (a: string, b: string): string => [a, b].toSorted().join('|');
  const isCut = (from: string, to: string): boolean => cuts.size > 0 && cuts.has(link(from, to));
  const isCutOff = (from: string, to: string): boolean => cutOff.size > 0 && (cutOff.has(from) || cutOff.has(to));
  const since = (moments: Map<string, number>, region: string, on: boolean): void =>
    void (on ? moments.set(region, now()) : moments.delete(region));
  const toggle = <T>(set: Set<T>, value: T, on: boolean): void => void (on ? set.add(value) : set.delete(value));
  return {
    isDark: (region) => dark.has(region),
    setDark: (region, isDark) => since(dark, region, isDark),
    isolatedSince: (region) => {
      const moments = [dark.get(region), cutOff.get(region)].filter((moment) => moment !== undefined);
      return moments.length === 0 ? undefined : Math.min(...moments);
    },
    connects: (from, to) =>
      !dark.has(from) && !dark.has(to) && (from === to || !(isCut(from, to) || isCutOff(from, to))),
    reachesFrontDoor: (from, to) => !dark.has(from) && !dark.has(to) && (from === to || !isCut(from, to)),
    setCut: (a, b, cut) => toggle(cuts, link(a, b), cut),
    setCutOff: (region, isOff) => since(cutOff, region, isOff),
    controlPlanesFail: () => controlPlanesDown,
    failControlPlanes: (fail) => {
      controlPlanesDown = fail;
    },
    isBlind: (observer) => blind.has(observer),
    setBlind: (observer, isBlind) => toggle(blind, observer, isBlind),
    losesBuckets: (region) => bucketsLost.has(region),
    setBucketsLost: (region, lost) => toggle(bucketsLost, region, lost),
    losesProbe: () => probeLoss > 0 && randomForProbes() < probeLoss,
    setProbeLoss: (share) => {
      probeLoss = share;
    },
  };
}
