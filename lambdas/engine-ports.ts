import { sha256 } from '../adapters/sha256.ts';
import { isReplicated } from '../core/config/data-tier.ts';
import { copyLagProblem } from '../core/failback/copy-lag.ts';
import { isRecord } from '../core/is-record.ts';
import { OperationError } from '../core/operation/errors.ts';
import { parseJsonObject } from '../core/parse-json.ts';
import type { FunctionCaller } from '../core/ports.ts';
import type { MachinePorts, ReconcileContext } from '../core/reconcile/machine-ports.ts';
import type { Merge } from '../core/reconcile/merge.ts';
import type { ReconcilePorts } from '../core/reconcile/plan.ts';
import type { PlanReference } from '../state-machines/contracts-reconcile.ts';

/** How long a merge function may take, ms: hundreds of them are asked one after the other. */
const MERGE_TIMEOUT_MS = 5_000;
/** How long a worker waits for replication before it looks again, seconds. */
const WAIT_FOR_REPLICATION_SECONDS = 30;

type Context = ReconcileContext<'clock' | 'plans' | 'tables'>;

/**
 * What the engine reaches while it works on a plan. Where rows are replicated, it makes no change while replication is not
 * known to keep up; the deadline of the failback that asked ends such a wait.
 */
export function enginePorts(
  { config, ports }: Context & { readonly ports: Partial<Pick<MachinePorts, 'functions' | 'dataTier'>> },
  { source, target }: Pick<PlanReference, 'source' | 'target'>,
): ReconcilePorts {
  const { clock, plans, tables, functions, dataTier } = ports;
  const maximumLagSeconds = config.reconcile?.maximumLagSeconds ?? 0;
  return {
    store: plans,
    fingerprint: sha256,
    nowEpochMs: () => clock.nowEpochMs(),
    tables: (entity) => ({ source: tables.of(entity, source), target: tables.of(entity, target) }),
    ...(functions === undefined ? {} : { merge: mergeBy(functions) }),
    ...(dataTier === undefined || !isReplicated(config.data)
      ? {}
      : {
          pace: async () => {
            const lag = await dataTier.replicationLag(target, source);
            const sight = { lag, into: target, allowedSeconds: maximumLagSeconds, nowEpochMs: clock.nowEpochMs() };
            return copyLagProblem(sight) === undefined ? 0 : WAIT_FOR_REPLICATION_SECONDS;
          },
        }),
  };
}

/** Asks the user's function, which is given both versions and answers `{ "columns": … }`. */
function mergeBy(functions: FunctionCaller): Merge {
  return async ({ mergeFunction, ...request }) => {
    const answer = await functions.call(mergeFunction, request, MERGE_TIMEOUT_MS);
    if (!answer.answered) return { failure: answer.reason };
    const columns = columnsIn(answer.body);
    return columns === undefined ? { failure: 'its answer is no { "columns": { name: text or null } }' } : { columns };
  };
}

function columnsIn(body: string): Readonly<Record<string, string | null>> | undefined {
  const columns = parseJsonObject(body)?.['columns'];
  if (!isRecord(columns)) return undefined;
  const isText = (value: unknown): boolean => value === null || typeof value === 'string';
  return Object.values(columns).every(isText) ? (columns as Readonly<Record<string, string | null>>) : undefined;
}

/**
 * Makes sure that whoever asked for the plan still waits for it: a failback that is over changes nothing any more.
 *
 * @throws {OperationError} `OperationLostError`
 */
export async function assertStillAsked(
  { ports }: ReconcileContext<'coordination'>,
  { operationId, planId }: Pick<PlanReference, 'operationId' | 'planId'>,
): Promise<void> {
  if (operationId === null) return;
  const state = await ports.coordination.readState();
  if (state.operationId === operationId) return;
  throw new OperationError(
    'OperationLostError',
    `operation ${operationId}, which asked for the plan ${planId}, no longer holds the application`,
  );
}
