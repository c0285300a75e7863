import { type Instant, toInstant, toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { RunStatus } from '../../ports/orchestrator.ts';

export const metaflowRunSchema = z.object({
  run_number: z.union([z.string(), z.number()]).transform(String),
  /** Milliseconds. */
  ts_epoch: z.number(),
  /** Seconds. */
  last_heartbeat_ts: z.number().nullish(),
});
export const metaflowMetadataSchema = z.object({
  field_name: z.string(),
  value: z.string().nullish(),
  ts_epoch: z.number(),
  tags: z.array(z.string()).nullish(),
});
export type MetaflowRun = z.output<typeof metaflowRunSchema>;
export type MetaflowMetadata = z.output<typeof metaflowMetadataSchema>;

/** What the metadata service itself waits before it gives a silent run up (`RUN_INACTIVE_CUTOFF_TIME`). */
const inactiveMillis = 360_000;

/**
 * How a run stands, from the metadata of its end step's newest task: nobody stores it. The rules are those of the metadata
 * service's SQL with two differences: the end step is the one the run names, where the SQL knows only a step called `end`,
 * and a failed last attempt counts once the run has been silent for the service's six minutes, because a retry may follow.
 */
export function metaflowRunStatus(run: MetaflowRun, endStep: readonly MetaflowMetadata[], now: Instant): RunStatus {
  const startedAt = toInstant(run.ts_epoch);
  const ended = newestOf(endStep, 'attempt_ok');
  if (ended?.value === 'True') return { state: 'succeeded', startedAt, endedAt: toInstant(ended.ts_epoch) };
  const retried = ended !== undefined && attemptOf(newestOf(endStep, 'attempt')) > attemptOf(ended);
  const lastSign = Math.max((run.last_heartbeat_ts ?? 0) * 1_000, ended?.ts_epoch ?? 0);
  const isSilent = lastSign > 0 && toMillis(now) - lastSign > inactiveMillis;
  if (!isSilent || (retried && !run.last_heartbeat_ts)) return { state: 'running', startedAt };
  const reason =
    ended === undefined ? `no heartbeat since ${toInstant(lastSign)}` : 'the last attempt of the end step failed';
  return { state: 'failed', reason, startedAt, endedAt: toInstant(lastSign) };
}

/** Rows repeat: each task posts its fields twice, and again with every attempt. */
export function newestOf(rows: readonly MetaflowMetadata[], field: string): MetaflowMetadata | undefined {
  return rows
    .filter(({ field_name }) => field_name === field)
    .toSorted((a, b) => attemptOf(a) - attemptOf(b) || a.ts_epoch - b.ts_epoch)
    .at(-1);
}

function attemptOf(row: MetaflowMetadata | undefined): number {
  const tag = row?.tags?.find((text) => text.startsWith('attempt_id:'));
  return tag === undefined ? -1 : Number(tag.slice('attempt_id:'.length));
}
