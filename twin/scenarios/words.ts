import { homeRegion, observersOf } from '../../core/config/accessors.ts';
import { parseEndpoint } from '../../core/config/endpoint.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Problem } from '../../core/errors.ts';
import { recordTypeOf } from '../../core/routing/compile/weighted-group.ts';

const ROLE = /^(primary|standby|vantage|witness)(?:\[(\d+)\])?$/;
const REFERENCE = /\{([a-z][^{}]*)\}/g;

/** Looks the words of a scenario up in a config. A word that means nothing is reported and stands for itself. */
export interface Words {
  readonly config: ResolvedConfig;
  readonly report: (problem: Problem) => void;
  /** A Region id, or a role such as `standby[1]`. */
  region(word: string, path: string): string;
  /** Whether that is the id of a Region in which anything of the application's lies. */
  knows(region: string): boolean;
  /** Every `{primary}`, `{standby.endpoint}`, `{application}` and `{last-resort}` in the texts of a value. */
  value(value: unknown, path: string): unknown;
}

/** The words of a config. */
export function createWords(config: ResolvedConfig, report: (problem: Problem) => void): Words {
  const region = (word: string, path: string): string => {
    const found = findRegion(config, word);
    if (found === undefined) report({ ...unknownRegion(config, word), path });
    return found ?? word;
  };
  const word = (name: string, path: string): string => {
    if (name === 'application') return config.application;
    if (name === 'last-resort') return lastResortValue(config);
    const [role = '', field] = name.split('.');
    const id = region(role, path);
    return field === 'endpoint' ? hostOf(config, id) : id;
  };
  const value = (given: unknown, path: string): unknown => {
    if (typeof given === 'string') return given.replace(REFERENCE, (_, name: string) => word(name, path));
    if (Array.isArray(given)) return given.map((inner) => value(inner, path));
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, inner]) => [key, value(inner, `${path}.${key}`)]));
  };
  return { config, report, region, value, knows: (id) => regionsOf(config).includes(id) };
}

function findRegion(config: ResolvedConfig, word: string): string | undefined {
  const match = ROLE.exec(word);
  if (match === null) return regionsOf(config).find((id) => id === word);
  const home = homeRegion(config).id;
  const roles: Readonly<Record<string, readonly string[]>> = {
    primary: [home],
    standby: config.regions.map(({ id }) => id).filter((id) => id !== home),
    vantage: config.vantages,
    witness: witnessOf(config),
  };
  return roles[match[1] ?? '']?.[Number(match[2] ?? 0)];
}

/** Every Region that something of the application's lies in. */
function regionsOf(config: ResolvedConfig): readonly string[] {
  return [...new Set([...observersOf(config), ...(config.coordination?.replicas ?? []), ...witnessOf(config)])];
}

function witnessOf({ coordination }: ResolvedConfig): readonly string[] {
  return coordination?.witness === undefined ? [] : [coordination.witness];
}

function unknownRegion(config: ResolvedConfig, word: string): Omit<Problem, 'path'> {
  return {
    message: 'names no Region of the config',
    value: word,
    allowed: `primary, standby, standby[n], vantage, witness, ${regionsOf(config).join(', ')}`,
    remedy: 'correct it, or rehearse with another config',
  };
}

function hostOf(config: ResolvedConfig, id: string): string {
  const found = config.regions.find((candidate) => candidate.id === id);
  return found === undefined ? '' : parseEndpoint(found.endpoint).host;
}

function lastResortValue(config: ResolvedConfig): string {
  return recordTypeOf(config) === 'CNAME' ? names.lastResortRecord(config) : (config.lastResort?.addresses[0] ?? '');
}
