import type { Workload } from './assumptions.ts';
import { type Archive, archiveCost, batchCost } from './batch-cost.ts';
import { modelRates, type Sampling, sampledPerDay } from './fleet.ts';
import { callsFor, windowOf } from './join-batch.ts';
import { type JoinStore, joinCost, type TableCapacity } from './join-cost.ts';
import { type CostLine, type Packing, type StreamMode, shardsFor, streamCost, streamLoad } from './stream-cost.ts';
import { priceOf } from './unit-prices.ts';

/** Everything that is chosen. */
export type Design = Sampling & {
  readonly mode: StreamMode;
  readonly packing: Packing;
  readonly store: JoinStore;
  readonly capacity: TableCapacity;
  readonly archive: Archive;
  /** For how long a call of the join waits for more at most. */
  readonly windowSeconds: number;
};

export type TotalCost = {
  readonly lines: readonly CostLine[];
  readonly usdPerDay: number;
  /** USD per million predictions made, sampled or not. */
  readonly perMillion: number;
  readonly sampledRatio: number;
  readonly shards: number;
  /** How long a call waits in fact. */
  readonly windowSeconds: number;
};

export function totalCost(design: Design, workload: Workload): TotalCost {
  const { fleet, mode, packing, store, capacity, archive } = design;
  const rates = modelRates(design, workload);
  const mean = streamLoad(rates, packing, workload);
  const peak = streamLoad(modelRates(design, workload, workload.peakRatio), packing, workload);
  const shards = shardsFor(mode, peak, callsFor(design.windowSeconds, peak, workload), workload);
  const calls = shards * workload.shardsParallel;
  const windowSeconds = windowOf(design.windowSeconds, calls, mean, workload);
  const lines = [
    ...streamCost(mode, mean, shards, workload),
    ...joinCost({ rates, packing, store, capacity, windowSeconds, calls, workload }),
    ...archiveCost(archive, mean, shards, workload),
    ...batchCost(mean, fleet.models, workload),
    ...overheadCost(shards, (2 * calls) / windowSeconds),
  ];
  const usdPerDay = sumOf(lines);
  return {
    lines,
    usdPerDay,
    perMillion: perMillion(usdPerDay, workload),
    sampledRatio: sampledPerDay(rates) / workload.predictionsPerDay,
    shards,
    windowSeconds,
  };
}

/** Two kilobytes of log for a call, and the stream's key, which each shard asks for every five minutes. */
function overheadCost(shards: number, callsPerSecond: number): readonly CostLine[] {
  const logs = (callsPerSecond * 86_400 * 2_000) / 1e9;
  return [
    { what: 'Logs', usdPerDay: priceOf('logGigabyte', logs) },
    { what: 'Keys', usdPerDay: priceOf('keyRequest', shards * 288) },
  ];
}

export function sumOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { usdPerDay }) => sum + usdPerDay, 0);
}

export function perMillion(usdPerDay: number, { predictionsPerDay }: Workload): number {
  return usdPerDay / (predictionsPerDay / 1e6);
}
