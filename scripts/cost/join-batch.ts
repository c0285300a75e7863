import type { Workload } from './assumptions.ts';
import type { ModelRate } from './fleet.ts';
import { modelLoad, type Packing, type StreamLoad } from './stream-cost.ts';

/** What one batch of one bucket comes to. */
export type Batch = {
  /** Of one bucket. */
  readonly perSecond: number;
  /** Buckets that are alike. */
  readonly models: number;
  readonly rows: number;
  readonly outcomes: number;
  /** Past hours that its outcomes belong to. */
  readonly hours: number;
  /** Rows that the bucket has in an hour. */
  readonly hourRows: number;
};

const hourSeconds = 3_600;
const kilobytes = (bytes: number) => (bytes === 0 ? 0 : Math.ceil(bytes / 1_000));

/** Calls at once by which a batch may last for so long without outgrowing what a call takes. */
export function callsFor(windowSeconds: number, { bytes, records }: StreamLoad, workload: Workload): number {
  return Math.max((bytes * windowSeconds) / workload.payloadBytes, (records * windowSeconds) / workload.batchRecords);
}

/** How long a batch really lasts with so many calls at once. */
export function windowOf(windowSeconds: number, calls: number, load: StreamLoad, workload: Workload): number {
  return windowSeconds * Math.min(1, calls / callsFor(windowSeconds, load, workload));
}

/** Records come as in a Poisson process; a window without any is no batch. */
export function batchOf(rate: ModelRate, packing: Packing, windowSeconds: number, workload: Workload): Batch {
  const load = modelLoad(rate, packing, workload);
  const perSecond = (1 - Math.exp(-load.records * windowSeconds)) / windowSeconds;
  const outcomes = load.outcomes / perSecond;
  return {
    perSecond,
    models: rate.models,
    rows: load.rows / perSecond,
    outcomes,
    hours: Math.min(workload.outcomeHours, outcomes),
    hourRows: load.rows * hourSeconds,
  };
}

/**
 * Of one commit, in write units before the transaction doubles them: cursor and aggregates, the parts of the log, and
 * what is written again of small parts when enough of them are merged.
 */
export function writesOf({ rows, outcomes, hours }: Batch, workload: Workload) {
  const { cursorBytes, profileBytes, performanceBytes, segmentRowBytes } = workload;
  const state = kilobytes(cursorBytes) + kilobytes(profileBytes) + (1 + hours) * kilobytes(performanceBytes);
  const ofRows = rows * segmentRowBytes;
  const ofHour = hours === 0 ? 0 : (outcomes / hours) * segmentRowBytes;
  const merged = ofRows * mergesOf(ofRows, workload) + hours * ofHour * mergesOf(ofHour, workload);
  return { state, parts: kilobytes(ofRows) + hours * kilobytes(ofHour), merged: merged / 1_000 };
}

/** How often a row is written again until its part is large enough to be left alone. */
export function mergesOf(partBytes: number, { mergedBytes, mergedParts }: Workload): number {
  if (partBytes === 0 || partBytes >= mergedBytes) return 0;
  return Math.ceil(Math.log(mergedBytes / partBytes) / Math.log(mergedParts));
}

/** Read units of one commit whose process does not remember the bucket: aggregates, and segments of which one is half full. */
export function readsOf({ hours, hourRows }: Batch, { segmentRowBytes }: Workload) {
  return { state: 2 + hours, segments: (0.5 + hours) * Math.ceil((hourRows * segmentRowBytes) / 4_000) };
}
