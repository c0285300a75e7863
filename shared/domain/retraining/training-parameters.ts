import type { TriggerCause } from '../registry/model.ts';
import * as z from '../zod.ts';

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

/** The request as orchestrators pass it to a pipeline: texts by name, causes separated by commas. */
export function trainingParameters({
  causes,
  championVersion,
  ...texts
}: TrainingRequest): Readonly<Record<string, string>> {
  return { ...texts, causes: causes.join(','), championVersion: String(championVersion) };
}

const parametersSchema = z.object({
  runId: z.string(),
  retrainId: z.string(),
  modelId: z.string(),
  team: z.string(),
  causes: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.custom<TriggerCause>())),
  requestedAt: z.string(),
  championVersion: z.coerce.number().int(),
  championArtifactUri: z.string(),
  correlationId: z.string(),
});

/** What `trainingParameters` was made of. */
export function trainingRequestOf(parameters: Readonly<Record<string, string>>): TrainingRequest {
  return parametersSchema.parse(parameters);
}
