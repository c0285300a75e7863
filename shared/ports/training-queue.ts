import type { TrainingRequest } from '../domain/retraining/training-parameters.ts';

export interface TrainingQueue {
  publish(request: TrainingRequest): Promise<void>;
}
