import type { RetrainState } from '../../domain/retraining/retrain.ts';
import type { WorkflowEngine } from '../../ports/workflow-engine.ts';

/** Tells the waiting workflow what the trainer reported; nothing when nobody waits or nothing was reported. */
export async function answerWorkflow(
  workflows: WorkflowEngine,
  { status, taskToken, completion }: RetrainState,
): Promise<void> {
  if (status !== 'running' || taskToken === undefined || completion === undefined) return;
  if (completion.status === 'succeeded') await workflows.succeedTask(taskToken, completion);
  else await workflows.failTask(taskToken, 'TrainingFailed', completion.error);
}
