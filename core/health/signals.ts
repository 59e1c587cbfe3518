import { checksOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { oncePer } from '../once-per.ts';
import type { Counting, ProbeResult } from './check-state.ts';
import type { ContractHealth } from './contract.ts';
import { ROUND_SECONDS } from './rounds.ts';

/** Something that observers read in the contract health document besides the checks; counted and agreed on as a check is. */
export interface Signal {
  readonly name: string;
  readonly counting: Counting;
  /** What a document says about it. */
  readonly read: (health: ContractHealth) => ProbeResult;
}

/** Whether the Region reaches the coordination table. */
export const COORDINATION_SIGNAL = 'signal:coordination';
/** Readings in a row that raise a signal, and that return it. */
export const SIGNAL_THRESHOLD = 3;
const NOT_SAID = (what: string): ProbeResult => ({ result: 'error', reason: `the document does not say ${what}` });

/** The signal that speaks of a check's instances. */
export function instancesSignal(check: string): string {
  return `signal:instances:${check}`;
}

type SignalConfig = Pick<ResolvedConfig, 'checks' | 'policy'>;

/** Every signal of a config. They are read whenever a document is, and no name of a check is like one of theirs. */
export const signalsOf = oncePer((config: SignalConfig): readonly Signal[] => {
  const counting = signalCounting(config);
  return [
    { name: COORDINATION_SIGNAL, counting, read: readCoordination },
    ...checksOf(config)
      .filter(({ check }) => check.class === 'critical')
      .map(({ name, check }) => ({
        name: instancesSignal(name),
        counting,
        read: (health: ContractHealth) =>
          judgeInstances(config, name, health.checks[check.kind === 'deep' ? check.component : name]),
      })),
  ];
});

/** As often as any check reads the document. */
function signalCounting(config: SignalConfig): Counting {
  const intervals = checksOf(config).flatMap(({ check }) => (check.kind === 'deep' ? [check.intervalSeconds] : []));
  return {
    class: 'important',
    intervalSeconds: intervals.length === 0 ? ROUND_SECONDS : Math.min(...intervals),
    failureThreshold: SIGNAL_THRESHOLD,
  };
}

/** A Region that cannot reach the table says so through its front door. */
function readCoordination({ coordination }: ContractHealth): ProbeResult {
  if (coordination === undefined) return NOT_SAID('whether it reaches the coordination table');
  return judgeCoordination(coordination === 'reachable');
}

/** What a Region says about its way to the coordination table. */
export function judgeCoordination(reachable: boolean): ProbeResult {
  return reachable ? PASSED : { result: 'failed', reason: 'it says that it cannot reach the coordination table' };
}

/** How many instances of a service there are and how many of them work. */
export interface InstanceCount {
  readonly instances?: number | undefined;
  readonly healthyInstances?: number | undefined;
}

/** Judges a count of instances; nothing where there are none. */
export function judgeInstances(
  { policy }: Pick<ResolvedConfig, 'policy'>,
  service: string,
  { instances, healthyInstances }: InstanceCount = {},
): ProbeResult {
  if (instances === undefined || healthyInstances === undefined || instances === 0)
    return NOT_SAID('how many instances run');
  const down = Math.max(0, instances - healthyInstances);
  const tooMany = 100 * down > policy.instancesDownPercent * instances;
  return tooMany ? { result: 'failed', reason: `${service}: ${down} of ${instances} instances are down` } : PASSED;
}

const PASSED: ProbeResult = { result: 'passed', reason: '' };
