/**
 * The closed list of errors Runway throws on purpose. Names are literals because minifying renames classes;
 * Step Functions, the HTTP table in `shared/runtime/problem.ts` and the tests match on them.
 */
export type ErrorName =
  | 'MalformedRequest'
  | 'UnsupportedContentType'
  | 'PayloadTooLarge'
  | 'InvalidRequest'
  | 'NotAuthorized'
  | 'NotFound'
  | 'AlreadyExists'
  | 'IllegalTransition'
  | 'VersionConflict'
  | 'PreconditionFailed'
  | 'IdempotencyKeyReused'
  | 'IdempotencyInProgress'
  | 'InvalidSignature'
  | 'MalformedRecord'
  | 'ArtifactUnusable'
  | 'RateLimited'
  | 'DependencyUnavailable'
  | 'CircuitOpen'
  | 'TrainingRefused'
  | 'NobodyAwaited';

/** Where in the input the fault lies (JSON pointer) and which rule it broke. */
export type FieldProblem = {
  readonly field: string;
  readonly reason: string;
  readonly code: string;
  /** Of the item in a batch. */
  readonly index?: number;
};

export class RunwayError extends Error {
  override readonly name: ErrorName;
  /** Stable kebab-case word for clients, e.g. `unknown-model`; becomes the problem document's `type`. */
  readonly code: string;
  readonly problems: readonly FieldProblem[];

  constructor(name: ErrorName, code: string, message: string, problems: readonly FieldProblem[] = []) {
    super(message);
    this.name = name;
    this.code = code;
    this.problems = problems;
  }
}

export function isRunwayError(error: unknown): error is RunwayError {
  return error instanceof RunwayError;
}

export function notFound(what: string, id: string): RunwayError {
  return new RunwayError('NotFound', `unknown-${what}`, `no ${what} ${JSON.stringify(id)}`);
}

export function versionConflict(streamId: string, expected: number): RunwayError {
  return new RunwayError('VersionConflict', 'version-conflict', `${streamId} is no longer at version ${expected}`);
}

export function illegalTransition(command: string, state: string, expected: string): RunwayError {
  return new RunwayError(
    'IllegalTransition',
    'illegal-transition',
    `${command} is not possible in state ${state}, expected ${expected}`,
  );
}

/** An error about a request header; its field is `header:<name>`. */
export function headerError(name: ErrorName, code: string, header: string, message: string): RunwayError {
  return new RunwayError(name, code, message, [{ field: `header:${header}`, code, reason: message }]);
}
