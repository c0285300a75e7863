import { type ErrorName, type FieldProblem, isRunwayError, type RunwayError } from '../domain/errors.ts';

/** RFC 9457, served as `application/problem+json`. */
export type Problem = {
  /** `urn:runway:problem:<code>`, stable. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly correlationId: string;
  readonly errors?: readonly FieldProblem[];
};

/** The one table from error names to HTTP. */
export const httpErrors: Readonly<Record<ErrorName, { readonly status: number; readonly title: string }>> = {
  MalformedRequest: { status: 400, title: 'The request cannot be read' },
  NotAuthorized: { status: 403, title: 'Your roles do not allow this' },
  NotFound: { status: 404, title: 'No such thing' },
  AlreadyExists: { status: 409, title: 'It exists already' },
  IllegalTransition: { status: 409, title: 'Not possible in the present state' },
  VersionConflict: { status: 409, title: 'It was changed at the same time' },
  IdempotencyInProgress: { status: 409, title: 'The first request with this key has not ended' },
  PreconditionFailed: { status: 412, title: 'It has changed since you read it' },
  PayloadTooLarge: { status: 413, title: 'The body is too large' },
  UnsupportedContentType: { status: 415, title: 'The content type is not supported' },
  InvalidRequest: { status: 422, title: 'The request does not match its schema' },
  IdempotencyKeyReused: { status: 422, title: 'The key was used for another request' },
  ArtifactUnusable: { status: 422, title: 'The artefact cannot be used' },
  InvalidSignature: { status: 422, title: 'The signature does not match' },
  MalformedRecord: { status: 422, title: 'The record cannot be read' },
  RateLimited: { status: 429, title: 'Too many events in this minute' },
  DependencyUnavailable: { status: 503, title: 'Try again in a moment' },
  CircuitOpen: { status: 503, title: 'The orchestrator does not answer and is left alone for a while' },
  NobodyAwaited: { status: 409, title: 'Nobody has to act' },
  TrainingRefused: { status: 409, title: 'The orchestrator does not start the training' },
};

/** What the caller learns of an error. An error that Runway did not throw on purpose becomes a 500 without detail. */
export function problemOf(error: unknown, correlationId: string): Problem {
  if (!isRunwayError(error)) {
    return {
      type: 'urn:runway:problem:internal-error',
      title: 'Something went wrong on our side',
      status: 500,
      correlationId,
    };
  }
  const { status, title } = httpErrors[error.name];
  return {
    type: `urn:runway:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    correlationId,
    ...fieldErrors(error),
  };
}

function fieldErrors(error: RunwayError): { readonly errors?: readonly FieldProblem[] } {
  return error.problems.length > 0 ? { errors: error.problems } : {};
}
