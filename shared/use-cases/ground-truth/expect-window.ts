import { RunwayError } from '../../domain/errors.ts';
import { type BucketWidth, type Window, windowProblem } from '../../domain/ground-truth/time-series.ts';

/** Throws `InvalidRequest` (codes `empty-window`, `not-aligned`, `window-too-long`), naming the query parameter. */
export function expectWindow(window: Window, width: BucketWidth): void {
  const problem = windowProblem(window, width);
  if (problem === undefined) return;
  const { field, code, reason } = problem;
  throw new RunwayError('InvalidRequest', 'invalid-request', reason, [{ field: `query:/${field}`, code, reason }]);
}
