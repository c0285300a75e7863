/** A figure that the costs rest on and that no price list holds. */
export type Assumption = { readonly value: number; readonly unit: string; readonly basis: string };

/** What comes in, how large it is, and how long it takes. */
export const assumptions = {
  predictionsPerDay: { value: 1e10, unit: 'predictions', basis: 'what Runway is built for' },
  outcomeRatio: {
    value: 0.3,
    unit: 'outcomes per prediction',
    basis: 'as in the benchmark of the batch join: 12 M for 40 M',
  },
  peakRatio: {
    value: 3,
    unit: 'peak over mean of unsampled traffic',
    basis: 'a day with one busy evening; shards have to carry it',
  },
  shardHeadroom: { value: 1.25, unit: 'shards over what the peak fills', basis: 'buckets do not hash evenly' },
  producerRate: { value: 500, unit: 'predictions a second and serving process', basis: 'decides how many flush apart' },
  leastProducers: { value: 2, unit: 'processes that serve a model', basis: 'one may fail' },
  consumers: { value: 2, unit: 'readers of the stream', basis: 'the join and the archive' },
  recordFixedBytes: {
    value: 500,
    unit: 'bytes of a packed record without rows',
    basis: 'header, signature, names of 20 features; gzip; measured',
  },
  predictionBytes: {
    value: 68,
    unit: 'bytes per prediction in it',
    basis: 'UUID, score, 14 numbers and 6 categories as columns, gzip; measured on made-up rows',
  },
  outcomeFixedBytes: { value: 360, unit: 'bytes of a record of outcomes without rows', basis: 'measured' },
  outcomeBytes: { value: 29, unit: 'bytes per outcome in it', basis: 'measured' },
  plainRecordBytes: {
    value: 960,
    unit: 'bytes of a prediction alone, as JSON',
    basis: 'the same 20 features; measured',
  },
  segmentRowBytes: {
    value: 35,
    unit: 'bytes per entry of a segment',
    basis: '`segment-codec.ts`: 31 in parts of 800, 38 in parts of 20; outcomes likewise',
  },
  cursorBytes: { value: 600, unit: 'bytes of a cursor', basis: '`npm run bench:ingest`: 485' },
  profileBytes: {
    value: 1_000,
    unit: 'bytes of an hour’s profile',
    basis: '`aggregate-codec.ts`, 20 features of 10 bins: 928',
  },
  performanceBytes: {
    value: 3_000,
    unit: 'bytes of an hour’s performance',
    basis: '1,040 with 1,000 rows, 4,461 with 10,000; of an earlier format',
  },
  outcomeHours: {
    value: 3,
    unit: 'past hours that the outcomes of a batch belong to',
    basis: 'labels after a few hours; days touch more',
  },
  mergedBytes: { value: 16_384, unit: 'bytes of a part that is merged no more', basis: '`segment-log.ts`' },
  mergedParts: { value: 8, unit: 'parts that are merged into one', basis: '`segment-log.ts`' },
  cacheMissRatio: {
    value: 0.5,
    unit: 'of the batches find nothing in their process',
    basis: 'nothing binds a shard to a process',
  },
  capacityUsedRatio: {
    value: 0.7,
    unit: 'of provisioned table capacity used',
    basis: 'the target of its automatic scaling; sampled traffic is even',
  },
  bufferDays: { value: 7, unit: 'days that segments are kept', basis: 'the attribution window' },
  joinMicros: {
    value: 12,
    unit: 'µs of processor time per joined row',
    basis: '`join-events` in two weeks of `npm run demo -- --all`, start included; `npm run bench:ingest`: 5.6',
  },
  archiveWindowSeconds: {
    value: 300,
    unit: 's that a call of the archive waits for more',
    basis: '`infra/capabilities/ground-truth-batch.ts`; one call at once and shard',
  },
  archiveMicros: {
    value: 15,
    unit: 'µs of processor time per archived row',
    basis: '`npm run bench:archive`: 10.7 in full batches, 14.7 of 5,000 events, on a busy machine',
  },
  transactionMillis: { value: 20, unit: 'ms that a function waits for a transaction', basis: 'an estimate' },
  functionGigabytes: { value: 1.769, unit: 'GB of memory', basis: 'one processor; default of `joinMemoryMegabytes`' },
  payloadBytes: { value: 4.5e6, unit: 'bytes of records in a call', basis: '6 MB with their base64' },
  batchRecords: { value: 10_000, unit: 'records in a call at most', basis: 'limit of a mapping' },
  shardsParallel: { value: 10, unit: 'calls at once and shard', basis: 'limit of `joinParallelization`' },
  rawRowBytes: {
    value: 84,
    unit: 'bytes per prediction in Parquet',
    basis: '`npm run bench:archive`, 20 features: 58 in full batches, 84 of 400 events',
  },
  rawOutcomeBytes: { value: 40, unit: 'bytes per outcome in Parquet', basis: 'as a prediction without features' },
  joinColumnBytes: {
    value: 34,
    unit: 'bytes per prediction in the columns that a join reads',
    basis: 'measured with DuckDB',
  },
  joinedRowBytes: {
    value: 45,
    unit: 'bytes per prediction in the joined files',
    basis: 'columns of the join and of the outcome',
  },
  rawDays: { value: 90, unit: 'days that raw files are kept', basis: 'default of the stage' },
  joinedDays: { value: 400, unit: 'days that joined files are kept', basis: 'default of the stage' },
  restatedDays: { value: 7, unit: 'event dates joined again each day', basis: 'the attribution window' },
  transitionsPerDate: { value: 20, unit: 'state transitions per event date', basis: 'query, wait, switch, metrics' },
  metricItems: {
    value: 1.5,
    unit: 'metric rows per model and hour',
    basis: 'one version, half of the models with another type or segment',
  },
  shortAlpha: {
    value: 6.31e-7,
    unit: 'level of a test for sudden breaks',
    basis: '`docs/calibration.md`, a typical team',
  },
  longAlpha: {
    value: 1.29e-5,
    unit: 'level of a test of the long window',
    basis: '`docs/calibration.md`, a typical team',
  },
  bins: { value: 10, unit: 'bins of a feature', basis: 'deciles of the reference' },
  designEffect: {
    value: 4,
    unit: 'rows that tell as much as one',
    basis: 'rows of an hour resemble each other; 1 if they were independent',
  },
  segmentRatio: { value: 0.05, unit: 'of the traffic in a segment', basis: 'a segment that is still judged apart' },
  positiveRatio: { value: 0.2, unit: 'of the labels positive', basis: 'for the variance of AUC' },
} as const satisfies Readonly<Record<string, Assumption>>;

export type AssumptionName = keyof typeof assumptions;

/** The figures alone, which a caller may change one by one. */
export type Workload = { readonly [name in AssumptionName]: number };

export const workload: Workload = Object.fromEntries(
  Object.entries(assumptions).map(([name, { value }]) => [name, value]),
) as { [name in AssumptionName]: number };
