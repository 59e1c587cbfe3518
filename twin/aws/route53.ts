import type { Clock } from '../../core/ports.ts';
import type { Route53 } from '../route53/route53.ts';
import { toServiceException } from '../route53/writes/service-exception.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';

/** Operations that steps use; the control plane knows more. */
const OPERATIONS = ['ChangeResourceRecordSets', 'ListResourceRecordSets', 'GetChange'] as const;

/** The Route 53 API, a us-east-1 control plane. */
export function createRoute53Handlers(
  { controlPlane }: Route53,
  clock: Clock,
  onCall: () => void = () => undefined,
): ServiceHandlers {
  const handle = async (input: unknown, { operation }: AwsCall): Promise<unknown> => {
    onCall();
    const { output, error, tookMs } = controlPlane.call(operation, input);
    if (tookMs > 0) await clock.sleep(tookMs);
    if (error !== undefined) throw toServiceException(error);
    return output;
  };
  return Object.fromEntries(OPERATIONS.map((operation) => [operation, handle]));
}
