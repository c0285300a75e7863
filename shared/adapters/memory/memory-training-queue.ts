import type { TrainingRequest } from '../../domain/retraining/training-parameters.ts';
import type { TrainingQueue } from '../../ports/training-queue.ts';

export interface MemoryTrainingQueue extends TrainingQueue {
  /** Everything published, oldest first. */
  readonly requests: readonly TrainingRequest[];
}

/** Twin of the SQS queue. */
export function createMemoryTrainingQueue(): MemoryTrainingQueue {
  const requests: TrainingRequest[] = [];
  return {
    requests,
    publish: async (request) => {
      requests.push(request);
    },
  };
}
