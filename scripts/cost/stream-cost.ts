import type { Workload } from './assumptions.ts';
import type { ModelRate } from './fleet.ts';
import { priceOf } from './unit-prices.ts';

/** How producers write: records of at most `recordBytes` that leave after `flushSeconds` at the latest, or one row each. */
export type Packing =
  | { readonly kind: 'packed'; readonly recordBytes: number; readonly flushSeconds: number }
  | { readonly kind: 'plain' };

export type StreamMode = 'provisioned' | 'on-demand';

/** Of the whole stream or of one model, per second. */
export type StreamLoad = {
  readonly rows: number;
  readonly outcomes: number;
  readonly records: number;
  readonly bytes: number;
  /** Bytes with each record rounded up to 1, 5 and 25 kB. */
  readonly roundedTo: { readonly kB1: number; readonly kB5: number; readonly kB25: number };
};

export type CostLine = { readonly what: string; readonly usdPerDay: number };

const daySeconds = 86_400;
const gigabyte = 1e9;

type RowSize = { readonly fixedBytes: number; readonly rowBytes: number };

function sideLoad(rate: number, producers: number, size: RowSize, packing: Packing) {
  if (rate === 0) return { records: 0, recordBytes: 0 };
  const rows = packing.kind === 'plain' ? 1 : rowsPerRecord(rate / producers, size, packing);
  return { records: rate / rows, recordBytes: size.fixedBytes + rows * size.rowBytes };
}

/** The first row starts the clock, so those that follow within it share its record. */
export function rowsPerRecord(
  producerRate: number,
  { fixedBytes, rowBytes }: RowSize,
  { recordBytes, flushSeconds }: Extract<Packing, { kind: 'packed' }>,
): number {
  const full = Math.max(1, Math.floor((recordBytes - fixedBytes) / rowBytes));
  return Math.min(full, 1 + producerRate * flushSeconds);
}

export function modelLoad({ served, sampled, reported }: ModelRate, packing: Packing, workload: Workload): StreamLoad {
  const producersOf = (rate: number) => Math.max(workload.leastProducers, Math.ceil(rate / workload.producerRate));
  const outcomes = reported * workload.outcomeRatio;
  const prediction: RowSize =
    packing.kind === 'plain'
      ? { fixedBytes: workload.plainRecordBytes, rowBytes: 0 }
      : { fixedBytes: workload.recordFixedBytes, rowBytes: workload.predictionBytes };
  const outcome = { fixedBytes: workload.outcomeFixedBytes, rowBytes: workload.outcomeBytes };
  const sides = [
    sideLoad(sampled, producersOf(served), prediction, packing),
    sideLoad(outcomes, producersOf(outcomes), outcome, packing),
  ];
  const sum = (of: (side: { records: number; recordBytes: number }) => number) =>
    sides.reduce((total, side) => total + of(side), 0);
  const rounded = (unit: number) => sum((side) => side.records * Math.ceil(side.recordBytes / unit) * unit);
  return {
    rows: sampled,
    outcomes,
    records: sum((side) => side.records),
    bytes: sum((side) => side.records * side.recordBytes),
    roundedTo: { kB1: rounded(1_000), kB5: rounded(5_000), kB25: rounded(25_000) },
  };
}

export function streamLoad(rates: readonly ModelRate[], packing: Packing, workload: Workload): StreamLoad {
  const loads = rates.map((rate) => ({ load: modelLoad(rate, packing, workload), models: rate.models }));
  const sum = (of: (load: StreamLoad) => number) =>
    loads.reduce((total, { load, models }) => total + of(load) * models, 0);
  return {
    rows: sum((load) => load.rows),
    outcomes: sum((load) => load.outcomes),
    records: sum((load) => load.records),
    bytes: sum((load) => load.bytes),
    roundedTo: {
      kB1: sum((load) => load.roundedTo.kB1),
      kB5: sum((load) => load.roundedTo.kB5),
      kB25: sum((load) => load.roundedTo.kB25),
    },
  };
}

/**
 * Shards of a stream: what its peak fills (1 MB and 1,000 records a second each), or what the join needs to be called
 * `calls` times at once. On demand AWS chooses: four, or twice the peak.
 */
export function shardsFor(mode: StreamMode, peak: StreamLoad, calls: number, workload: Workload): number {
  const filled = Math.max(peak.bytes / 1e6, peak.records / 1_000);
  if (mode === 'on-demand') return Math.max(4, Math.ceil(2 * filled));
  return Math.max(1, Math.ceil(filled * workload.shardHeadroom), Math.ceil(calls / workload.shardsParallel));
}

/** Writing, seven days of retention, and two readers. */
export function streamCost(
  mode: StreamMode,
  mean: StreamLoad,
  shards: number,
  workload: Workload,
): readonly CostLine[] {
  if (mode === 'provisioned') {
    const units = (mean.roundedTo.kB25 / 25_000) * daySeconds;
    return [
      { what: 'Kinesis: shards', usdPerDay: priceOf('shardHour', 24 * shards) },
      { what: 'Kinesis: seven days of retention', usdPerDay: priceOf('shardRetentionHour', 24 * shards) },
      { what: 'Kinesis: PUT payload units', usdPerDay: priceOf('putUnit', units) },
    ];
  }
  const perDay = (bytes: number) => (bytes * daySeconds) / gigabyte;
  const out = perDay(mean.bytes) * workload.consumers;
  // Six of the seven days are beyond the first; a day's rent is a thirtieth of the month's.
  const kept = (perDay(mean.bytes) * 6) / 30;
  return [
    { what: 'Kinesis: the stream', usdPerDay: priceOf('onDemandStreamHour', 24) },
    { what: 'Kinesis: written', usdPerDay: priceOf('onDemandInGigabyte', perDay(mean.roundedTo.kB1)) },
    { what: 'Kinesis: read by two', usdPerDay: priceOf('onDemandOutGigabyte', out) },
    { what: 'Kinesis: seven days of retention', usdPerDay: priceOf('onDemandKeptGigabyteMonth', kept) },
  ];
}

/** What readers pay beside that if each has 2 MB a second and shard of its own. */
export function fanOutCost(mean: StreamLoad, shards: number, workload: Workload): number {
  const out = ((mean.bytes * daySeconds) / gigabyte) * workload.consumers;
  return priceOf('fanOutShardHour', 24 * shards * workload.consumers) + priceOf('fanOutGigabyte', out);
}
