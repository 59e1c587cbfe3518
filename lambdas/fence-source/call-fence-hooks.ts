import type { FenceHook } from '../../core/config/fence-hooks.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { hasUndone, type OperationEvent } from '../../core/operation/operation-record.ts';
import type { StepContext } from '../../core/ports.ts';
import { type MoveWriterInput, writerMove } from '../../state-machines/contracts.ts';

type Context = StepContext<'functions'>;

/** What became of a hook, as the record has it. */
interface HookResult {
  readonly hook: string;
  readonly required: boolean;
  readonly succeeded: boolean;
  /** Why not, where it did not. */
  readonly reason?: string;
}

/**
 * Calls the hooks of the config that this fence has not settled yet, side by side, and puts each result on record. An
 * optional one that failed is passed over; a required one is called again by whoever runs the step again.
 *
 * @throws {OperationError} `FenceHookFailedError` naming every required hook that failed.
 */
export async function callFenceHooks(
  context: Context,
  journal: Journal,
  input: MoveWriterInput,
): Promise<readonly HookResult[]> {
  const { fenceHooks } = context.config.failover;
  const before = settledOf(journal);
  const due = fenceHooks.filter(({ name }) => !before.some(({ hook }) => hook === name));
  const { epoch } = journal.holder;
  const results = await Promise.all(due.map((hook) => callHook(context, hook, { ...input, epoch })));
  for (const result of results) await journal.add(result.succeeded ? 'requested' : 'failed', { ...result, epoch });
  const failed = results.filter(({ required, succeeded }) => required && !succeeded);
  if (failed.length === 0) return [...before, ...results];
  const why = failed.map(({ hook, reason }) => `${hook} (${reason})`).join('; ');
  throw new OperationError(
    'FenceHookFailedError',
    `required fence hooks failed: ${why}; repair the functions, or let the hooks be optional (failover.fenceHooks)`,
    { source: 'operator' },
  );
}

/** The epoch that the fence raises. */
interface Under {
  readonly epoch: number;
}

async function callHook({ ports }: Context, hook: FenceHook, input: MoveWriterInput & Under): Promise<HookResult> {
  const { operationId, application, kind, mode } = input.operation;
  const { from: source, to: target } = writerMove(input);
  const payload = { operationId, epoch: input.epoch, application, kind, source, target, mode };
  const answer = await ports.functions.call(hook.function, payload, hook.timeoutSeconds * 1000);
  const { name, required } = hook;
  return { hook: name, required, succeeded: answer.answered, ...(answer.answered ? {} : { reason: answer.reason }) };
}

/** Results that stand: of this epoch's fence, where it was not taken back, and no failure that must not be passed over. */
function settledOf({ record, holder }: Journal): readonly HookResult[] {
  const undone = record.events.findLastIndex((event) => hasUndone(event) && event.detail['what'] === 'fence');
  return record.events
    .slice(undone + 1)
    .filter((event) => isOfHook(event) && (event.detail['epoch'] ?? holder.epoch) === holder.epoch)
    .map(({ detail: { epoch: _, ...result } }) => result as unknown as HookResult)
    .filter(({ required, succeeded }) => succeeded || !required);
}

function isOfHook({ step, detail }: OperationEvent): boolean {
  return step === 'fence-source' && 'hook' in detail;
}
