import { RunwayError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/time.ts';

type Bounds = {
  readonly registeredAt: Instant;
  readonly now: Instant;
  /** Where the request says it. */
  readonly field: string;
};

/** Throws `InvalidRequest` (codes `as-of-in-future`, `as-of-before-model`). */
export function expectAsOf(asOf: Instant, { registeredAt, now, field }: Bounds): void {
  if (asOf > now) throw unusable(field, 'as-of-in-future', `asOf ${asOf} is in the future, expected at most ${now}`);
  if (asOf >= registeredAt) return;
  const message = `the model did not exist at ${asOf}, expected ${registeredAt} or later`;
  throw unusable(field, 'as-of-before-model', message);
}

function unusable(field: string, code: string, reason: string): RunwayError {
  return new RunwayError('InvalidRequest', code, reason, [{ field, code, reason }]);
}
