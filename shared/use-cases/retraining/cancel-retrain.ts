import type { RetrainState } from '../../domain/retraining/retrain.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { type ChangeContext, loadModel, planModelChange } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import type { QueueRequest } from './change-queue.ts';
import { loadRetrain, planRetrainChange } from './change-retrain.ts';
import { loadSlots, planSlotChange } from './change-slots.ts';

/**
 * Ends a retrain that waits or trains: retrain, model and slot move in one append, and then the waiting workflow is told.
 * A crash in between leaves a workflow that ends by its time limit and finds the retrain ended. Throws `NotFound`, and
 * `IllegalTransition` when it has ended otherwise or was trained already.
 */
export async function cancelRetrain(
  { events, workflows }: { readonly events: EventStore; readonly workflows: WorkflowEngine },
  { retrainId, actor, reason, now }: QueueRequest,
): Promise<RetrainState> {
  const context: ChangeContext = { actor, now, reason };
  const { taskToken } = await withRetryOnConflict(async () => {
    const head = await loadRetrain(events, retrainId);
    const cancelled = planRetrainChange(retrainId, head, [{ type: 'CancelRetrain', reason }], context);
    if (cancelled.length === 0) return head.state;
    const slot = planSlotChange(await loadSlots(events), { type: 'ReleaseSlot', retrainId }, context);
    const model = planModelChange(
      await loadModel(events, head.state.modelId),
      [{ type: 'CloseRetrain', retrainId, result: 'cancelled' }],
      context,
    );
    await events.append([...cancelled, ...slot, ...(model.commit ? [model.commit] : [])]);
    return head.state;
  });
  if (taskToken !== undefined) await workflows.failTask(taskToken, 'RetrainCancelled', reason);
  return (await loadRetrain(events, retrainId)).state;
}
