import { SwitchyardError } from '../../../core/errors.ts';
import { type Account, CHANGE_PROCESSING_MS } from './account.ts';
import { type ApiError, apiError } from './api-error.ts';
import { healthCheckOperations } from './health-check-operations.ts';
import { hostedZoneOperations } from './hosted-zone-operations.ts';
import type { Operation } from './operation.ts';
import { protectionOperations } from './protection-operations.ts';
import { recordSetOperations } from './record-set-operations.ts';
import { testDnsAnswerOperation } from './test-dns-answer.ts';
import { createThrottle } from './throttle.ts';

/** How the API answers one request. */
export type ApiReply = (
  | { readonly output: unknown; readonly error?: undefined }
  | { readonly output?: undefined; readonly error: ApiError }
) & {
  /**
   * Milliseconds that Route 53 works on the request. Deliver the reply that much later: who sends the next change of the
   * zone before that is answered `PriorRequestNotComplete`.
   */
  readonly tookMs: number;
};

/** Route 53's API, all of which lives in us-east-1. */
export interface ControlPlane {
  /**
   * Handles one request. `operation` is the API's name for it, or that of an SDK command (`GetChangeCommand`); the input
   * and output have the shapes of the SDK's commands. A request that the service would refuse is answered with its error.
   *
   * @throws SwitchyardError `UNKNOWN_OPERATION`, for an operation that the twin does not have
   */
  call(operation: string, input: unknown): ApiReply;
  /** Down, every operation fails; answering, probing and aggregating go on. */
  setUp(up: boolean): void;
}

const CHANGING: readonly string[] = ['ChangeResourceRecordSets', 'CreateHostedZone', 'DeleteHostedZone'];

/** The API of an account, up, with all its token buckets full. */
export function createControlPlane(account: Account): ControlPlane {
  const operations = new Map<string, Operation>(
    Object.entries({
      ...recordSetOperations(account),
      ...hostedZoneOperations(account),
      ...healthCheckOperations(account),
      ...protectionOperations(account),
      TestDNSAnswer: testDnsAnswerOperation(account),
    }),
  );
  const throttle = createThrottle();
  let isUp = true;
  return {
    setUp: (up) => {
      isUp = up;
    },
    call: (command, input) => {
      const name = command.replace(/Command$/, '');
      const operation = operations.get(name);
      if (operation === undefined) throw unknownOperation(name, [...operations.keys()]);
      if (!isUp)
        return { ...apiError('ServiceUnavailable', 'The Route 53 control plane is not available.'), tookMs: 0 };
      if (!throttle.admit(name, operation.changeTokens(input), account.clock.now())) {
        return { ...apiError('Throttling', 'Rate exceeded'), tookMs: 0 };
      }
      return { ...operation.handle(input), tookMs: CHANGING.includes(name) ? CHANGE_PROCESSING_MS : 0 };
    },
  };
}

function unknownOperation(name: string, known: readonly string[]): SwitchyardError {
  return new SwitchyardError(`the Route 53 twin has no operation ${name}; it has ${known.join(', ')}`, {
    code: 'UNKNOWN_OPERATION',
    source: 'defect',
    context: { operation: name },
  });
}
