import { GraphQLError } from 'graphql';
import { isRunwayError } from '../domain/errors.ts';

/** As it is answered: no stack, no cause, and a code that stays the same. */
export type AnsweredError = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly extensions: { readonly code: string };
};

/** Errors that leave no answer worth having: what was read until then is not given. */
export const refusals: readonly string[] = ['answer-too-large', 'time-limit'];

/** What a caller may learn of an error; what Runway did not throw on purpose is told to `onUnexpected`. */
export function answeredError(error: unknown, onUnexpected: (error: unknown) => void): AnsweredError {
  if (!(error instanceof GraphQLError)) return internalError({}, error, onUnexpected);
  const { path, locations, extensions, originalError } = error;
  const where = { ...(path !== undefined && { path }), ...(locations !== undefined && { locations }) };
  if (isRunwayError(originalError))
    return { message: originalError.message, ...where, extensions: { code: originalError.code } };
  // What GraphQL itself finds wrong with a field's answer is not the caller's fault; with a query it has no path.
  const isOurs = path !== undefined || (originalError !== undefined && !(originalError instanceof GraphQLError));
  if (isOurs) return internalError(where, originalError ?? error, onUnexpected);
  const code = typeof extensions.code === 'string' ? extensions.code : 'invalid-query';
  return { message: error.message, ...where, extensions: { code } };
}

function internalError(
  where: Pick<AnsweredError, 'path' | 'locations'>,
  cause: unknown,
  onUnexpected: (error: unknown) => void,
): AnsweredError {
  onUnexpected(cause);
  return { message: 'Something went wrong on our side', ...where, extensions: { code: 'internal-error' } };
}
