/** An error inside an execution, under the name that `Retry` and `Catch` match. */
export class StateError extends Error {
  readonly error: string;
  constructor(error: string, cause: string) {
    super(cause);
    this.name = 'StateError';
    this.error = error;
  }
}

/** `States.Runtime`: neither retried nor caught. */
export function runtimeError(cause: string): StateError {
  return new StateError('States.Runtime', cause);
}
