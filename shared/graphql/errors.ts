import { GraphQLError } from 'graphql';
import { isRunwayError } from '../domain/errors.ts';
import * as z from '../domain/zod.ts';

/** As it is answered: no stack, no cause, and a code that stays the same. */
export type AnsweredError = {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly locations?: readonly { readonly line: number; readonly column: number }[] | undefined;
  readonly extensions: { readonly code: string };
};

const internalError = 'internal-error';
const internalMessage = 'Something went wrong on our side';

/** What GraphQL itself finds wrong, in our spelling. */
const codes: Readonly<Record<string, string>> = {
  GRAPHQL_PARSE_FAILED: 'malformed-query',
  GRAPHQL_VALIDATION_FAILED: 'invalid-query',
  BAD_USER_INPUT: 'invalid-query',
  OPERATION_RESOLUTION_FAILURE: 'unknown-operation',
};

/** Errors that leave no answer worth having: what was read until then is not given. */
export const refusals: readonly string[] = ['answer-too-large', 'time-limit'];

const answeredSchema = z.object({
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  locations: z.array(z.object({ line: z.number(), column: z.number() })).optional(),
  extensions: z.object({ code: z.string().optional() }).optional(),
});

/** `wasBegun`: what is found wrong then and has no code is nothing that the caller did. */
export function answeredError(error: unknown, wasBegun: boolean): AnsweredError {
  const { message, extensions, ...where } = answeredSchema.parse(error);
  const code = extensions?.code ?? (wasBegun ? internalError : 'invalid-query');
  const shown = code === internalError ? internalMessage : message;
  return { message: shown, ...where, extensions: { code: codes[code] ?? code } };
}

/** What a caller may learn of an error that a resolver threw; what Runway did not throw on purpose is told to `onUnexpected`. */
export function maskedError(error: unknown, onUnexpected: (error: unknown) => void): GraphQLError {
  const { original, ...where } = origin(error);
  if (isRunwayError(original))
    return new GraphQLError(original.message, { ...where, extensions: { code: original.code } });
  if (original instanceof GraphQLError) return original;
  onUnexpected(original);
  return new GraphQLError(internalMessage, { ...where, extensions: { code: internalError } });
}

function origin(error: unknown) {
  if (!(error instanceof GraphQLError)) return { original: error };
  const { nodes, path, originalError } = error;
  return {
    original: originalError ?? error,
    ...(nodes !== undefined && { nodes }),
    ...(path !== undefined && { path }),
  };
}
