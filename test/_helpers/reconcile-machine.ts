import { createMemoryCoordination } from '../../adapters/memory/memory-coordination.ts';
import { createMemoryStore, type MemoryStore } from '../../adapters/memory/memory-store.ts';
import { resolveConfig } from '../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { endName, parseEnd, type ReconciliationEnd } from '../../core/reconcile/end.ts';
import type { MachinePorts } from '../../core/reconcile/machine-ports.ts';
import type { Table } from '../../core/reconcile/table.ts';
import type { ReconcileStep } from '../../state-machines/contracts-reconcile.ts';
import { RECONCILE_FUNCTIONS } from '../../twin/reconcile-runtime.ts';
import { runMachine } from '../../twin/step-functions/run-machine.ts';
import { never } from '../../twin/step-functions/sandbox.ts';
import { createTaskTokens } from '../../twin/step-functions/task-tokens.ts';
import { RECONCILE } from '../_fixtures/broken-configs/reconcile.ts';
import { passiveInput, SINGAPORE, TOKYO } from './config.ts';
import { inVirtualTime } from './in-virtual-time.ts';
import { fakeDataTier, fakeNotifier } from './steps/fake-ports.ts';

/** A config that compares the orders alone. */
export function ordersOnly(orders: object, section: object = {}): ResolvedConfig {
  const others = { customers: false, products: false, payments: false, inventory: false } as const;
  return resolveConfig(
    passiveInput({ reconcile: { ...RECONCILE, repair: 'both-sides', ...section, entities: { ...others, orders } } }),
  );
}

/** What the machine runs over. */
export interface Data {
  readonly config: ResolvedConfig;
  readonly plans: MemoryStore;
  /** The table of a Region: Tokyo serves, traffic goes back to Singapore. */
  readonly tableIn: (region: string) => Table;
  readonly cutEpochMs: number | null;
}

/** What became of a start of the machine. */
export interface Started {
  /** `killed` where it was, by the caller's wish. */
  readonly outcome: 'SUCCEEDED' | 'killed' | (string & {});
  /** Calls that changed something in the store of plans or in a table, in order. */
  readonly effects: readonly string[];
  readonly end: ReconciliationEnd | undefined;
}

/** The plan that all starts go on with. */
export const PLAN_ID = 'failback-2';

/**
 * Runs the deployed definition and the real steps once in virtual time. With `killAfter` it dies right after so many calls
 * that changed something: nothing that it has set going makes a call or learns of an answer any more.
 */
export function startMachine(data: Data, attempt: number, killAfter = Number.POSITIVE_INFINITY): Promise<Started> {
  return inVirtualTime(async (clock) => {
    const effects: string[] = [];
    const killed = Promise.withResolvers<'killed'>();
    const changing = <Arguments extends readonly unknown[], Answer>(
      what: string,
      call: (...given: Arguments) => Promise<Answer>,
    ) =>
      alive(async (...given: Arguments) => {
        const answer = await call(...given);
        effects.push(what);
        if (effects.length >= killAfter) killed.resolve('killed');
        return answer;
      });
    const alive =
      <Arguments extends readonly unknown[], Answer>(call: (...given: Arguments) => Promise<Answer>) =>
      async (...given: Arguments): Promise<Answer> => {
        if (effects.length >= killAfter) return never();
        const answer = await call(...given);
        return effects.length >= killAfter ? never() : answer;
      };
    const { plans, tableIn, config } = data;
    const ports: MachinePorts = {
      clock,
      coordination: createMemoryCoordination(config),
      plans: {
        put: changing('put', plans.put),
        create: changing('create', plans.create),
        get: alive(plans.get),
        names: plans.names,
      },
      tables: {
        of: (_, region) => {
          const table = tableIn(region);
          return {
            ...table,
            apply: changing('apply', table.apply),
            prepareAudit: changing('audit', table.prepareAudit),
          };
        },
      },
      functions: { call: async () => ({ answered: false, reason: 'there is none' }) },
      dataTier: fakeDataTier(),
      notifier: fakeNotifier(),
    };
    const context = { config, deployment: { account: '111122223333', partition: 'aws' }, region: SINGAPORE, ports };
    const run = runMachine<ReconcileStep>({
      machine: 'reconcile',
      input: {
        ...{ planId: PLAN_ID, attempt, source: TOKYO, target: SINGAPORE, requestedBy: 'tester' },
        cutEpochMs: data.cutEpochMs,
      },
      execution: { Id: 'arn:of:the:execution', Name: `${PLAN_ID}-${attempt}` },
      tokens: createTaskTokens(),
      readObject: (_, key) => plans.objects.get(key),
      transition: () => clock.sleep(10),
      onStateEntered: () => undefined,
      invoke: async (step, payload) => {
        await clock.sleep(10);
        return RECONCILE_FUNCTIONS[step](context)(structuredClone(payload) as never);
      },
    });
    const ended = run.result.then(
      () => 'SUCCEEDED',
      (error: Error) => (error.cause instanceof Error ? error.cause.name : error.name),
    );
    const outcome = await Promise.race([ended, killed.promise]);
    if (outcome === 'killed') run.abort();
    return { outcome, effects, end: parseEnd(plans.objects.get(endName(PLAN_ID))) };
  });
}

/** An empty store of plans. */
export const noPlans = createMemoryStore;
