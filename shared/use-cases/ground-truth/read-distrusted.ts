import { type DistrustRow, distrustRows, spansForTeam } from '../../domain/ground-truth/distrusted-span.ts';
import type { DistrustedWriter, ServedModel } from '../../domain/ground-truth/served-model.ts';
import type { EventStore } from '../../ports/event-store.ts';

/**
 * Whose outcomes are excluded, as of now: the one place that the stream, restatements and the batch join ask. Read it
 * anew for each piece of work; it concerns what was counted before, too.
 */
export async function readDistrusted(
  events: Pick<EventStore, 'rows'>,
): Promise<(team: string) => readonly DistrustedWriter[]> {
  const rows = await events.rows<DistrustRow>(distrustRows);
  return (team) => spansForTeam(rows, team);
}

/** The model as it is to be joined. */
export function withDistrusted(
  model: ServedModel,
  spansOf: (team: string) => readonly DistrustedWriter[],
): ServedModel {
  const distrusted = spansOf(model.team);
  return distrusted.length === 0 ? model : { ...model, distrusted };
}
