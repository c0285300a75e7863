import type { RolloutState } from '../../domain/rollout/rollout.ts';
import { openRollouts } from '../../domain/rollout/rollout-lists.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { startRolloutWorkflow } from './open-rollout.ts';

/** Starts the workflows of rollouts whose first start was lost between the append and the call. */
export async function restartRollouts({
  events,
  workflows,
}: {
  readonly events: EventStore;
  readonly workflows: WorkflowEngine;
}): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await events.list<RolloutState>(openRollouts, { limit: 100, ...(cursor !== undefined && { cursor }) });
    for (const { state } of page.items)
      if (state.loadability === undefined) await startRolloutWorkflow({ events, workflows }, state);
    cursor = page.cursor;
  } while (cursor !== undefined);
}
