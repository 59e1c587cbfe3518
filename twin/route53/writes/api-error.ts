/** HTTP status by error name, where the API model does not leave it at 400. */
const HTTP_STATUS: Readonly<Record<string, number>> = {
  NoSuchHostedZone: 404,
  NoSuchHealthCheck: 404,
  NoSuchChange: 404,
  HealthCheckAlreadyExists: 409,
  HealthCheckVersionMismatch: 409,
  HostedZoneAlreadyExists: 409,
  ServiceUnavailable: 503,
};

/** Names of the errors that the modelled operations answer with, as the API spells them. */
export type ApiErrorName =
  | 'HealthCheckAlreadyExists'
  | 'HealthCheckVersionMismatch'
  | 'HostedZoneAlreadyExists'
  | 'HostedZoneNotEmpty'
  | 'InvalidChangeBatch'
  | 'InvalidDomainName'
  | 'InvalidInput'
  | 'InvalidResourceRecordSetProtectionBatch'
  | 'NoSuchChange'
  | 'NoSuchHealthCheck'
  | 'NoSuchHostedZone'
  | 'PriorRequestNotComplete'
  | 'ProtectionAlreadyExists'
  | 'ServiceUnavailable'
  | 'Throttling'
  | 'TooManyHealthChecks';

/** One entry that a protection request failed for. */
export interface ProtectionFault {
  readonly RecordName: string;
  readonly RecordType: string;
  readonly Code: 'InvalidInput' | 'ProtectionAlreadyExists' | 'ProtectionNotFound';
  readonly Message: string;
}

/** How the API refuses a request. */
export interface ApiError {
  readonly name: ApiErrorName;
  readonly message: string;
  readonly httpStatusCode: number;
  /** `InvalidChangeBatch`: one message per fault of the batch. */
  readonly messages?: readonly string[];
  /** Protection requests: the entries that failed. */
  readonly errors?: readonly ProtectionFault[];
}

/** What an operation gave: its output, or the error that the service would answer with. */
export type ApiResult<Output> =
  | { readonly output: Output; readonly error?: undefined }
  | { readonly output?: undefined; readonly error: ApiError };

/** The error of that name, with the HTTP status that the API model gives it. */
export function apiError(
  name: ApiErrorName,
  message: string,
  details: Pick<ApiError, 'messages' | 'errors'> = {},
): { readonly error: ApiError } {
  return { error: { name, message, httpStatusCode: HTTP_STATUS[name] ?? 400, ...details } };
}

/** An `InvalidChangeBatch` with all that is wrong; the message is the bracketed list that the service writes. */
export function invalidChangeBatch(messages: readonly string[]): { readonly error: ApiError } {
  return apiError('InvalidChangeBatch', `[${messages.join(', ')}]`, { messages });
}
