import * as route53 from '@aws-sdk/client-route-53';
import type { ApiError } from './api-error.ts';

/** Server-side faults, which the SDK may retry; all others are the client's. */
const FIRST_SERVER_FAULT_STATUS = 500;

/**
 * The exception that the AWS SDK would throw for an API error: of the SDK's own class where it has one of that name, so
 * that both `instanceof` and `name` work on it.
 */
export function toServiceException(error: ApiError): route53.Route53ServiceException {
  const fault = error.httpStatusCode >= FIRST_SERVER_FAULT_STATUS ? 'server' : 'client';
  const options = {
    message: error.message,
    $metadata: { httpStatusCode: error.httpStatusCode },
    ...(error.messages === undefined ? {} : { messages: [...error.messages] }),
    ...(error.errors === undefined ? {} : { Errors: [...error.errors] }),
  };
  const Known: unknown = Reflect.get(route53, error.name);
  return isExceptionClass(Known)
    ? new Known(options)
    : new route53.Route53ServiceException({ ...options, name: error.name, $fault: fault });
}

type ExceptionClass = new (options: object) => route53.Route53ServiceException;

function isExceptionClass(value: unknown): value is ExceptionClass {
  return typeof value === 'function' && value.prototype instanceof route53.Route53ServiceException;
}
