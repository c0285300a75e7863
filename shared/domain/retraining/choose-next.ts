/** The queued retrains to start now: the first in order, as many as `limit` leaves free beside the `running` ones. */
export function chooseNext<T>(queued: readonly T[], running: number, limit: number): readonly T[] {
  return queued.slice(0, Math.max(0, limit - running));
}
