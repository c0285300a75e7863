import type { RolloutState } from '../../domain/rollout/rollout.ts';
import { rolloutsOfModel } from '../../domain/rollout/rollout-lists.ts';
import type { EventStore } from '../../ports/event-store.ts';

const pageSize = 100;

/**
 * How many of the model's candidates, this one included, have been judged on the hold-out of this content. The same
 * candidate again is no further attempt: it gets the answer it had.
 */
export async function holdoutAttempts(
  events: Pick<EventStore, 'list'>,
  { modelId, candidate, holdout }: Pick<RolloutState, 'modelId' | 'candidate' | 'holdout'>,
): Promise<number> {
  const candidates = new Set([candidate]);
  let cursor: string | undefined;
  do {
    const page = await events.list<RolloutState>(rolloutsOfModel(modelId), {
      limit: pageSize,
      ...(cursor !== undefined && { cursor }),
    });
    for (const { state } of page.items)
      if (state.validation !== undefined && state.holdout?.digest === holdout?.digest) candidates.add(state.candidate);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return candidates.size;
}
