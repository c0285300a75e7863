import { type Instant, toMillis } from '../time.ts';
import type { WriterState } from './writer.ts';

/**
 * Outcomes of a writer that are excluded: those that arrived from `from` until before `to`, in milliseconds since the
 * epoch; an absent end is open.
 */
export type DistrustedSpan = { readonly writer: string; readonly from?: number; readonly to?: number };

/** List of the rows of writers that were ever distrusted; a row says what of that is in force. */
export const distrustRows = 'distrusted-writers';

export type DistrustRow = {
  readonly writer: string;
  readonly spans: readonly DistrustedSpan[];
  /** See `WriterState`. */
  readonly trustRevision: number;
  readonly restatedRevision: number;
};

/** None for a writer that was never distrusted. */
export function distrustRow(state: WriterState): DistrustRow | undefined {
  const { writer, trustRevision, restatedRevision, distrusts } = state;
  if (trustRevision === 0) return undefined;
  return { writer, trustRevision, restatedRevision, spans: distrusts.map(({ from, to }) => spanOf(writer, from, to)) };
}

function spanOf(writer: string, from: Instant | undefined, to: Instant | undefined): DistrustedSpan {
  return {
    writer,
    ...(from !== undefined && { from: toMillis(from) }),
    ...(to !== undefined && { to: toMillis(to) }),
  };
}
