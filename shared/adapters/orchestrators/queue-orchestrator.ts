import { isRunwayError } from '../../domain/errors.ts';
import { type TrainingRequest, trainingRequestOf } from '../../domain/retraining/training-parameters.ts';
import type { Orchestrator } from '../../ports/orchestrator.ts';
import type { TrainingQueue } from '../../ports/training-queue.ts';
import { dependencyUnavailable } from '../dependency-error.ts';

/**
 * The queue from which trainers take their work. It delivers at least once, and trainers recognise a request that they
 * have by its `runId`; how a training stands is known to the trainer alone, which completes the run.
 */
export function createQueueOrchestrator(queue: TrainingQueue): Orchestrator {
  return {
    start: async ({ requestId, pipeline, parameters, now, askedBefore }) => {
      const training = trainingRequestOf(parameters);
      await publish(queue, training);
      const outcome = askedBefore === undefined ? 'started' : 'already-started';
      return { outcome, run: { id: requestId, pipeline, requestedAt: now } };
    },
    status: async () => ({ state: 'queued', reason: 'a trainer says how it went by completing the run' }),
    stop: async () => ({ outcome: 'refused', reason: 'what waits in a queue cannot be called back' }),
  };
}

async function publish(queue: TrainingQueue, training: TrainingRequest): Promise<void> {
  try {
    await queue.publish(training);
  } catch (error) {
    throw isRunwayError(error) ? error : dependencyUnavailable('the training queue', error);
  }
}
