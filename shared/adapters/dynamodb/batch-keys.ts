import type { ItemKey } from './ground-truth-keys.ts';

/** Which run's results stand for which event date: one item a day, `runId` its only attribute that readers need. */
export function batchPointerKey(day: string): ItemKey {
  return { pk: 'batch-days', sk: day };
}

type OfRun = { readonly modelId: string; readonly runId: string /** `versionsKey` */; readonly versions: string };

/** Encoded points of one hour (`2001-01-22T06`) in `data`. */
export function batchHourKey({ modelId, runId, versions }: OfRun, hour: string): ItemKey {
  return { pk: batchPartition(modelId, hour), sk: `${runId}#${versions}#${hour}` };
}

export function batchPartition(modelId: string, hourOrDay: string): string {
  return `batch#${modelId}#${hourOrDay.slice(0, 10)}`;
}

/** The whole day as one encoded point in `data`; of every run, readers take the one that the pointer names. */
export function batchDailyKey({ modelId, runId, versions }: OfRun, day: string): ItemKey {
  return { pk: batchDailyPartition(modelId), sk: `${versions}#${day}#${runId}` };
}

export function batchDailyPartition(modelId: string): string {
  return `batch-daily#${modelId}`;
}
