import type { TriggerCause } from '../domain/registry/model.ts';

/** What a trainer receives. It answers with `POST /v1/runs/{runId}/completion`. */
export type TrainingRequest = {
  readonly runId: string;
  readonly retrainId: string;
  readonly modelId: string;
  readonly team: string;
  readonly causes: readonly TriggerCause[];
  /** Train on what was known at this moment. */
  readonly requestedAt: string;
  readonly championVersion: number;
  readonly championArtifactUri: string;
  /** Sent back as `x-correlation-id`, it joins the trainer's calls to the history of what asked for the training. */
  readonly correlationId: string;
};

export interface TrainingQueue {
  publish(request: TrainingRequest): Promise<void>;
}
