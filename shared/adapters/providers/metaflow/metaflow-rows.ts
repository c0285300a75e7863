import * as z from '../../../domain/zod.ts';

const id = z.union([z.string().min(1).max(300), z.number().int()]).transform(String);
const tags = z
  .array(z.string().max(2_000))
  .nullish()
  .transform((list) => list ?? []);
const text = z.string().nullish();

/** Rows of the metadata service. `ts_epoch` is in milliseconds, heartbeats are in seconds, numbers may be texts. */
export const flowRowSchema = z.object({
  flow_id: z.string().min(1).max(200),
  user_name: text,
  ts_epoch: z.number(),
  tags,
  system_tags: tags,
});

export const runRowSchema = flowRowSchema.extend({
  run_number: id,
  /** Of Argo, Step Functions or Airflow; it is what people use where there is one. */
  run_id: id.nullish(),
  last_heartbeat_ts: z.number().nullish(),
});

export const metadataRowSchema = z.object({
  step_name: z.string().max(300),
  task_id: id,
  field_name: z.string().max(300),
  type: text,
  value: z.string().nullish(),
  ts_epoch: z.number(),
  tags,
});

export const artifactRowSchema = z.object({
  step_name: z.string().max(300),
  task_id: id,
  name: z.string().max(300),
  sha: z.string().regex(/^[0-9a-f]{8,128}$/),
  ds_type: text,
  location: text,
  attempt_id: z.number().int().nullish(),
});

export type FlowRow = z.output<typeof flowRowSchema>;
export type RunRow = z.output<typeof runRowSchema>;
export type MetadataRow = z.output<typeof metadataRowSchema>;
export type ArtifactRow = z.output<typeof artifactRowSchema>;
