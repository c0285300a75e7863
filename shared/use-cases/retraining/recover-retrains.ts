import type { RetrainState } from '../../domain/retraining/retrain.ts';
import { retrainStream } from '../../domain/stream-ids.ts';
import { hourMillis, type Instant, toMillis } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';
import { correlationOfStream } from '../correlation-of-stream.ts';
import { answerWorkflow } from './answer-workflow.ts';
import { loadRetrain } from './change-retrain.ts';
import { loadSlots } from './change-slots.ts';
import { closeRetrain } from './close-retrain.ts';
import { startWorkflow } from './dispatch-retrains.ts';

/** After its time a workflow closes the retrain itself; this much later it must have died. */
const graceMillis = hourMillis;

/**
 * Takes up what a crash between two steps left behind, for every retrain that holds a slot: a workflow that was never
 * started, a completion that never reached its workflow, a workflow that died without closing. Each repeats a step that
 * may be repeated, so that it does no harm to a retrain that is well.
 */
export async function recoverRetrains(
  dependencies: { readonly events: EventStore; readonly workflows: WorkflowEngine },
  now: Instant,
): Promise<void> {
  const { events, workflows } = dependencies;
  const slots = await loadSlots(events);
  for (const retrainId of slots.state.active) {
    const { state } = await loadRetrain(events, retrainId);
    // It may have given its slot back since the slots were read: what it needs then is another slot, not a workflow.
    if (state.status !== 'running') continue;
    if (isOverdue(state, now)) {
      await closeRetrain(events, {
        retrainId,
        error: { Error: 'RetrainOverdue', Cause: 'the workflow did not end in time' },
        now,
        correlationId: await correlationOfStream(events, retrainStream(retrainId)),
      });
    } else if (state.taskToken === undefined) await startWorkflow(dependencies, state);
    else await answerWorkflow(workflows, state);
  }
}

/** Since the training was asked for last: the workflow's time runs from there, however late it was started. */
function isOverdue({ startedAt, askedAt = '', trainingTimeoutSeconds = 0 }: RetrainState, now: Instant): boolean {
  if (startedAt === undefined) return false;
  const since = askedAt > startedAt ? askedAt : startedAt;
  return toMillis(now) > toMillis(since) + trainingTimeoutSeconds * 1_000 + graceMillis;
}
