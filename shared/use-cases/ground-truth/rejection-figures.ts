import type { RunwayError } from '../../domain/errors.ts';

const untrusted = new Set([
  'wrong-signature',
  'unknown-writer',
  'revoked-writer',
  'unknown-key',
  'expired-key',
  'wrong-scope',
  'wrong-team',
]);

/** What beside its rejection is to be counted of a record. */
export function rejectionFigures({
  code,
}: Pick<RunwayError, 'code'>): Partial<Record<'RecordsUntrusted' | 'RecordsRateLimited', number>> {
  if (untrusted.has(code)) return { RecordsUntrusted: 1 };
  return code === 'rate-limited' ? { RecordsRateLimited: 1 } : {};
}
