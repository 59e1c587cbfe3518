import type { Machine, OpenedOperation, Step } from '../../state-machines/contracts.ts';
import { runMachine } from '../../twin/step-functions/run-machine.ts';
import { createTaskTokens, namedError, type TaskTokens } from '../../twin/step-functions/task-tokens.ts';
import { SINGAPORE, TOKYO } from './coordination-samples.ts';
import { inVirtualTime } from './in-virtual-time.ts';

/** What a stubbed step does: gives this, throws this, or decides by how often its state has called it. */
export type StubbedStep = unknown | Error | ((call: number, payload: Readonly<Record<string, unknown>>) => unknown);

/** What a person answers to a task that waits for one, or `silence`. */
export type StubbedAnswer =
  | { readonly output: unknown; readonly afterSeconds?: number }
  | { readonly error: string; readonly cause?: string }
  | 'silence';

/** A walk through a machine with stubbed steps; states that are not named go the good way. */
export interface Walk {
  readonly machine: Machine;
  /** By state. */
  readonly steps?: Readonly<Record<string, StubbedStep>>;
  /** By state; several answers are given one after the other. */
  readonly answers?: Readonly<Record<string, StubbedAnswer | readonly StubbedAnswer[]>>;
  readonly operation?: Partial<OpenedOperation>;
}

/** Where the walk went. */
export interface Walked {
  readonly states: readonly string[];
  /** `SUCCEEDED`, or the error that the execution ended with. */
  readonly end: string;
  readonly cause: string;
  readonly calls: readonly {
    readonly state: string;
    readonly step: Step;
    readonly payload: Readonly<Record<string, unknown>>;
  }[];
  /** What the steps gave, where they threw nothing. */
  readonly outputs: readonly { readonly state: string; readonly output: unknown }[];
  readonly virtualSeconds: number;
}

/** An error as a Lambda function throws it. */
export function thrown(name: string, message = `${name} was thrown`): Error {
  return namedError(name, JSON.stringify({ errorType: name, errorMessage: message, trace: [] }));
}

const TRANSITION_MS = 1;

/** Runs the deployed definition in virtual time. */
export function walk({ machine, steps = {}, answers = {}, operation = {} }: Walk): Promise<Walked> {
  return inVirtualTime(async (clock) => {
    const states: string[] = [];
    const calls: Walked['calls'][number][] = [];
    const outputs: Walked['outputs'][number][] = [];
    const tokens = createTaskTokens();
    const startedAt = clock.nowEpochMs();
    const run = runMachine({
      machine,
      input: { any: 'input' },
      execution: { Id: 'arn:of:the:execution', Name: 'by-hand-1' },
      tokens,
      transition: () => clock.sleep(TRANSITION_MS),
      onStateEntered: (state) => states.push(state),
      invoke: async (step, given) => {
        const state = states.at(-1) ?? '';
        const payload = given as Readonly<Record<string, unknown>>;
        calls.push({ state, step, payload });
        const call = calls.filter((other) => other.state === state).length;
        const output = outputOf(steps[state] ?? GOOD[step]({ machine, ...operation }), call, payload);
        outputs.push({ state, output });
        if (typeof payload['taskToken'] === 'string') {
          const asked = answers[state] ?? GOOD_ANSWERS[state] ?? 'silence';
          answer(tokens, payload['taskToken'], Array.isArray(asked) ? asked[call - 1] : asked);
        }
        return output;
      },
    });
    const { end, cause } = await run.result.then(() => ({ end: 'SUCCEEDED', cause: '' }), endOf);
    await clock.sleep(TRANSITION_MS);
    return { states, end, cause, calls, outputs, virtualSeconds: (clock.nowEpochMs() - startedAt) / 1000 };
  });
}

function outputOf(stub: StubbedStep, call: number, payload: Readonly<Record<string, unknown>>): unknown {
  const output = typeof stub === 'function' ? stub(call, payload) : stub;
  if (output instanceof Error) throw output;
  return output;
}

function answer(tokens: TaskTokens, token: string, given: StubbedAnswer): void {
  if (given === 'silence' || given === undefined) return;
  if ('error' in given) setTimeout(() => tokens.fail(token, given.error, given.cause ?? 'because'), 1000);
  else setTimeout(() => tokens.succeed(token, JSON.stringify(given.output)), (given.afterSeconds ?? 1) * 1000);
}

/** The interpreter wraps what an execution ended with. */
function endOf(error: Error): { end: string; cause: string } {
  const inner = error.cause instanceof Error ? error.cause : error;
  return { end: inner.name, cause: inner.message };
}

const DONE = { done: true, waitSeconds: 0 };

/** What every step gives on the good way. */
const GOOD: Readonly<Record<Step, (about: { machine: Machine } & Partial<OpenedOperation>) => StubbedStep>> = {
  'open-operation': ({ machine, ...changes }) => ({
    operationId: 'by-hand-1',
    epoch: 1,
    kind: machine,
    application: 'storefront',
    source: machine === 'failover' ? SINGAPORE : TOKYO,
    target: machine === 'failover' ? TOKYO : SINGAPORE,
    mode: 'manual',
    approval: 'none',
    approvalTimeoutSeconds: 900,
    shiftAfterPromotion: false,
    executionArn: 'arn:of:the:execution',
    entry: 'start',
    abortReason: '',
    ...changes,
  }),
  'send-notification': () => undefined,
  'validate-target': () => ({ passed: true, reasons: [] }),
  'request-approval': () => undefined,
  'prepare-records': () => DONE,
  'await-lag': () => DONE,
  'drain-connections': () => DONE,
  'fence-source': () => DONE,
  'start-promotion': () => ({ mode: 'failover' }),
  'check-promotion': () => DONE,
  'scale-target': () => ({ status: 'skipped' }),
  'check-capacity': () => DONE,
  'shift-traffic': () => DONE,
  'verify-answers': () => DONE,
  'write-records': () => ({ changeId: 'C1' }),
  'check-records': () => DONE,
  'adjust-load-balancers': () => ({ status: 'skipped' }),
  'verify-traffic': () => DONE,
  'validate-service': () => DONE,
  'close-operation': () => ({ status: 'SUCCEEDED', reason: '' }),
  'roll-back': () => ({ compensated: true, reason: 'Boom was thrown' }),
  'hold-operation': () => ({ retreating: false }),
  'reconcile-data': () => ({ ...DONE, passed: true, reasons: [] }),
  'prove-recovery': () => ({ passed: true, reasons: [] }),
  'check-parity': () => ({ passed: true, reasons: [] }),
  'open-switch': () => DONE,
  'check-switch': () => DONE,
  'climb-ladder': () => (call: number) => LADDER[call - 1] ?? { next: 'complete' },
  'check-rung': () => ({ verdict: 'baked', waitSeconds: 0, reasons: [] }),
  'retreat-failback': () => ({ compensated: true, moveWriterBack: false, reason: 'the rung was breached' }),
};

/** One rung, then the writer, then all of it. */
const LADDER = [
  { next: 'rung', percent: 10, weights: { [SINGAPORE]: 10, [TOKYO]: 90 } },
  { next: 'move-writer' },
  { next: 'rung', percent: 100, weights: { [SINGAPORE]: 100, [TOKYO]: 0 } },
];

const GOOD_ANSWERS: Readonly<Record<string, StubbedAnswer>> = {
  RequestApproval: { output: { decision: 'approve', by: 'tester' } },
  HoldForOperator: { output: { decision: 'abort', by: 'tester' } },
};
