import { type Instant, toMillis } from '../time.ts';
import type { DistrustedWriter } from './served-model.ts';
import type { WriterState } from './writer.ts';
import { mayWriteFor } from './writer-key.ts';

/** List of the rows of writers that were ever distrusted; a row says what of that is in force. */
export const distrustRows = 'distrusted-writers';

export type DistrustRow = {
  readonly writer: string;
  readonly spans: readonly DistrustedWriter[];
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

function spanOf(writer: string, from: Instant | undefined, to: Instant | undefined): DistrustedWriter {
  return {
    writer,
    ...(from !== undefined && { from: toMillis(from) }),
    ...(to !== undefined && { to: toMillis(to) }),
  };
}

/** Those that may concern a team's models. */
export function spansForTeam(rows: readonly DistrustRow[], team: string): readonly DistrustedWriter[] {
  return rows.filter(({ writer }) => mayWriteFor(writer, team)).flatMap(({ spans }) => spans);
}
