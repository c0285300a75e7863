import { RunwayError } from '../domain/errors.ts';

const transientNames = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottlingError',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'LimitExceededException',
  'SlowDown',
  'TimeoutError',
  'TransactionInProgressException',
]);
const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);

/**
 * Runs a call to a service of AWS. What may pass when tried again (throttling, 5xx, no connection) becomes
 * `DependencyUnavailable`; anything else goes through as it is.
 */
export async function callDependency<T>(service: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw isTransient(error) ? dependencyUnavailable(service, error) : error;
  }
}

/** The error a caller may try again on; `cause` stays out of what clients see. */
export function dependencyUnavailable(service: string, cause: unknown): RunwayError {
  const error = new RunwayError(
    'DependencyUnavailable',
    'dependency-unavailable',
    `${service} does not answer, try again in a moment`,
  );
  error.cause = cause;
  return error;
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata, code } = error as Error & { $metadata?: { httpStatusCode?: number }; code?: string };
  return transientNames.has(error.name) || networkCodes.has(code ?? '') || ($metadata?.httpStatusCode ?? 0) >= 500;
}
