import { SwitchyardError } from '../../core/errors.ts';
import { OperationError } from '../../core/operation/errors.ts';
import { parseScaleAnswer, parseSizeAnswer, type ScalingQuestion } from '../../core/operation/scaling-answers.ts';
import type { FunctionCaller } from '../../core/ports.ts';
import type { Scaler, TargetOf } from './scaling.ts';

/** How long one call of a function may take, ms: two of them fit the 20 s of a step. */
const TIMEOUT_MS = 5_000;

type Action = ScalingQuestion extends infer Each
  ? Each extends ScalingQuestion
    ? Omit<Each, 'application' | 'name'>
    : never
  : never;

/** Anything that a function of the user's scales, such as a deployment of Amazon EKS. What it answers is checked. */
export function createCustomScaling(application: string, functions: FunctionCaller): Scaler<'custom'> {
  const ask = async (target: TargetOf<'custom'>, action: Action): Promise<string> => {
    const asked = { application, name: target.name, ...action };
    const answer = await functions.call(target.function, asked, TIMEOUT_MS);
    if (answer.answered) return answer.body;
    throw unclear(target, action, answer.reason);
  };
  return {
    sizeOf: async (target) => {
      const body = await ask(target, { action: 'size' });
      const size = parseSizeAnswer(body);
      if (size !== undefined) return size;
      throw unclear(
        target,
        { action: 'size' },
        `answered ${body.slice(0, 200)}; allowed: { "desired": n, "running": n }`,
      );
    },
    raise: async (target, operationId) => {
      const action = { action: 'scale', desired: target.desired, operationId } as const;
      const body = await ask(target, action);
      const accepted = parseScaleAnswer(body);
      if (accepted === true) return;
      if (accepted === undefined) {
        throw unclear(
          target,
          action,
          `answered ${body.slice(0, 200)}; allowed: { "accepted": true } or { "accepted": false, "reason": text }`,
        );
      }
      throw new SwitchyardError(`function ${target.function} refused to scale ${target.name}: ${accepted}`, {
        code: 'SCALING_REFUSED',
        source: 'operator',
      });
    },
  };
}

function unclear(target: TargetOf<'custom'>, { action }: Action, why: string): OperationError {
  return new OperationError('TransientPlatformError', `function ${target.function}, asked for "${action}": ${why}`, {
    retryable: true,
  });
}
