import type { Workload } from './assumptions.ts';
import { windowOf } from './join-batch.ts';
import type { CostLine, StreamLoad } from './stream-cost.ts';
import { priceOf } from './unit-prices.ts';

const daySeconds = 86_400;
const month = 30;

export type Archive = 'own consumer' | 'Firehose';

/** Raw rows as Parquet, kept for as long as the stage says. */
export function archiveCost(
  archive: Archive,
  load: StreamLoad,
  shards: number,
  workload: Workload,
): readonly CostLine[] {
  const rows = load.rows * daySeconds;
  const outcomes = load.outcomes * daySeconds;
  const bytes = rows * workload.rawRowBytes + outcomes * workload.rawOutcomeBytes;
  const busySeconds = (rows + outcomes) * workload.archiveMicros * 1e-6;
  const called = (shards / windowOf(workload.archiveWindowSeconds, shards, load, workload)) * daySeconds;
  const unpacking = {
    what: 'Archive: functions',
    usdPerDay:
      priceOf('lambdaGigabyteSecond', busySeconds * workload.functionGigabytes) + priceOf('lambdaRequest', called),
  };
  const kept = {
    what: 'Archive: raw files kept',
    usdPerDay: priceOf('objectGigabyteMonth', (bytes * workload.rawDays) / 1e9 / month),
  };
  if (archive === 'own consumer')
    // A file of predictions and one of outcomes.
    return [unpacking, { what: 'Archive: files written', usdPerDay: priceOf('objectPut', 2 * called) }, kept];
  const taken = (load.roundedTo.kB5 * daySeconds) / 1e9;
  // Expanded rows are what is converted: JSON of the size of a plain record.
  const converted = (rows * workload.plainRecordBytes + outcomes * workload.outcomeFixedBytes) / 1e9;
  return [
    unpacking,
    { what: 'Archive: taken by Firehose', usdPerDay: priceOf('firehoseGigabyte', taken) },
    { what: 'Archive: converted by Firehose', usdPerDay: priceOf('firehoseConvertedGigabyte', converted) },
    kept,
  ];
}

/**
 * The daily join: each event date of the window is joined again, from predictions of two arrival days and outcomes of all
 * days since, and its files and metrics are written anew.
 */
export function batchCost(load: StreamLoad, models: number, workload: Workload): readonly CostLine[] {
  const rows = load.rows * daySeconds;
  const outcomes = load.outcomes * daySeconds;
  const { restatedDays, joinColumnBytes, joinedRowBytes, joinedDays, metricItems, performanceBytes } = workload;
  const scanned = restatedDays * (2 * rows * joinColumnBytes + restatedDays * outcomes * joinColumnBytes);
  const metrics = models * 24 * restatedDays * metricItems * Math.ceil(performanceBytes / 1_000);
  return [
    { what: 'Batch: Athena', usdPerDay: priceOf('scannedTerabyte', scanned / 1e12) },
    {
      what: 'Batch: Step Functions',
      usdPerDay: priceOf('stateTransition', restatedDays * workload.transitionsPerDate),
    },
    { what: 'Batch: metrics written', usdPerDay: priceOf('writeUnit', metrics) },
    {
      what: 'Batch: joined files kept',
      usdPerDay: priceOf('objectGigabyteMonth', (rows * joinedRowBytes * joinedDays) / 1e9 / month),
    },
  ];
}
