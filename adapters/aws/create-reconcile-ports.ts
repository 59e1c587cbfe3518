import type { Clock } from '../../core/ports.ts';
import type { MachinePorts, RegionalTables } from '../../core/reconcile/machine-ports.ts';
import {
  coordinationPort,
  dataCopiesPort,
  type Environment,
  functionsPort,
  plansPort,
  topicPort,
} from './create-ports.ts';

/**
 * The composition root of the machine that reconciles, but for its tables, which a twin has of its own. A Lambda's
 * index.ts calls the functions it needs; a twin calls this.
 */
export function createMachinePorts(
  environment: Environment,
  { clock, tables }: { readonly clock: Clock; readonly tables: RegionalTables },
): MachinePorts {
  return {
    clock,
    tables,
    coordination: coordinationPort(environment),
    plans: plansPort(environment),
    functions: functionsPort(environment),
    dataTier: dataCopiesPort(environment, clock),
    notifier: topicPort(environment),
  };
}
