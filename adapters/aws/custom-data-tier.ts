import { applicationRegions } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import {
  type DataQuestion,
  isUnreadable,
  parseLagAnswer,
  parseObstaclesAnswer,
  parsePromotionAnswer,
  parseStatusAnswer,
  type Unreadable,
} from '../../core/operation/data-answers.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { DataTier, FunctionCaller } from '../../core/ports.ts';

/** What the adapter is made of. */
export interface CustomDataTierSettings {
  readonly config: Pick<ResolvedConfig, 'application' | 'regions'>;
  readonly data: Extract<ResolvedConfig['data'], { readonly adapter: 'custom' }>;
  /** Calls functions in the Region of the operation, which is the target's. */
  readonly functions: FunctionCaller;
}

type Action = DataQuestion['action'];
/** A question without the name of the application, which is the same in all of them. */
type Question = DataQuestion extends infer Each
  ? Each extends DataQuestion
    ? Omit<Each, 'application'>
    : never
  : never;

/**
 * Any other data tier, behind a function of the user's: it starts a promotion and comes back, and is asked for the status
 * until that says that the target writes. What it answers is checked; whatever is no answer may pass and is asked again,
 * since a promotion may have been accepted all the same.
 */
export function createCustomDataTier({ config, data, functions }: CustomDataTierSettings): DataTier {
  const ask = async <T>(question: Question, parse: (body: string) => T | Unreadable): Promise<T> => {
    const asked = { application: config.application, ...question };
    const answer = await functions.call(data.function, asked, data.timeoutSeconds * 1000);
    if (!answer.answered) throw unclear(data.function, question.action, answer.reason);
    const parsed = parse(answer.body);
    if (isUnreadable(parsed)) throw unclear(data.function, question.action, parsed.unreadable);
    return parsed;
  };
  return {
    status: () => ask({ action: 'status' }, (body) => parseStatusAnswer(body, applicationRegions(config))),
    replicationLag: (target, source) =>
      ask({ action: 'lag', target, ...(source === undefined ? {} : { source }) }, parseLagAnswer),
    obstacles: (target) => ask({ action: 'obstacles', target }, parseObstaclesAnswer),
    promote: async (request) => {
      const answer = await ask({ action: 'promote', ...request }, parsePromotionAnswer);
      if (answer.accepted) return;
      throw new OperationError('PromotionRefusedError', `function ${data.function} refused: ${answer.reason}`);
    },
  };
}

function unclear(name: string, action: Action, why: string): OperationError {
  return new OperationError('TransientPlatformError', `function ${name}, asked for "${action}": ${why}`, {
    retryable: true,
  });
}
