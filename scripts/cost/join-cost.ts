import type { Workload } from './assumptions.ts';
import type { ModelRate } from './fleet.ts';
import { type Batch, batchOf, readsOf, writesOf } from './join-batch.ts';
import type { CostLine, Packing } from './stream-cost.ts';
import { priceOf } from './unit-prices.ts';

/** Where the join keeps its rows until their window ends. */
export type JoinStore = 'segments' | 'segments, parts in S3' | 'an item per prediction';
/** How the table's reads and writes are paid for. */
export type TableCapacity = 'on-demand' | 'provisioned';

export type JoinInput = {
  readonly rates: readonly ModelRate[];
  readonly packing: Packing;
  readonly store: JoinStore;
  readonly capacity: TableCapacity;
  readonly windowSeconds: number;
  /** Calls at once. */
  readonly calls: number;
  readonly workload: Workload;
};

/** Adds up over all batches of a day. */
type PerDay = (of: (batch: Batch) => number) => number;

const daySeconds = 86_400;
const hourSeconds = 3_600;
const month = 30;

/** The speed layer: functions, reads, writes and storage. */
export function joinCost(input: JoinInput): readonly CostLine[] {
  const { rates, packing, windowSeconds, workload } = input;
  const batches = rates.map((rate) => batchOf(rate, packing, windowSeconds, workload));
  const perDay: PerDay = (of) =>
    batches.reduce((sum, batch) => sum + batch.models * batch.perSecond * of(batch), 0) * daySeconds;
  const rows = perDay((batch) => batch.rows);
  const outcomes = perDay((batch) => batch.outcomes);
  const stored = {
    segments: () => [...stateCost(input, perDay), ...tableCost(input, perDay, rows + outcomes)],
    'segments, parts in S3': () => [...stateCost(input, perDay), ...objectCost(input, perDay, rows + outcomes)],
    'an item per prediction': () => itemCost(input, rows, outcomes),
  };
  return [functionCost(input, perDay, rows + outcomes), ...stored[input.store]()];
}

function functionCost({ calls, windowSeconds, workload }: JoinInput, perDay: PerDay, entries: number): CostLine {
  const busySeconds = entries * workload.joinMicros * 1e-6 + perDay(() => workload.transactionMillis / 1_000);
  const computed = priceOf('lambdaGigabyteSecond', busySeconds * workload.functionGigabytes);
  const called = priceOf('lambdaRequest', (calls / windowSeconds) * daySeconds);
  return { what: 'Join: functions', usdPerDay: computed + called };
}

function stateCost(input: JoinInput, perDay: PerDay): readonly CostLine[] {
  const { workload } = input;
  const read = perDay((batch) => 1 + workload.cacheMissRatio * readsOf(batch, workload).state);
  return [
    {
      what: 'Join: cursors and aggregates written',
      usdPerDay: writeCost(input, 2 * perDay((batch) => writesOf(batch, workload).state)),
    },
    { what: 'Join: cursors and aggregates read', usdPerDay: readCost(input, read) },
  ];
}

function tableCost(input: JoinInput, perDay: PerDay, entries: number): readonly CostLine[] {
  const { workload } = input;
  const kept = keptGigabytes(entries * workload.segmentRowBytes, workload) / month;
  return [
    {
      what: 'Join: parts written',
      usdPerDay: writeCost(input, 2 * perDay((batch) => writesOf(batch, workload).parts)),
    },
    {
      what: 'Join: parts merged',
      usdPerDay: writeCost(input, 2 * perDay((batch) => writesOf(batch, workload).merged)),
    },
    {
      what: 'Join: segments read',
      usdPerDay: readCost(input, workload.cacheMissRatio * perDay((batch) => readsOf(batch, workload).segments)),
    },
    {
      what: 'Join: segments kept',
      usdPerDay: priceOf('tableGigabyteMonth', kept) + priceOf('recoveryGigabyteMonth', kept),
    },
  ];
}

/** A commit's parts are one object, written before the transaction that names it. */
function objectCost({ windowSeconds, workload }: JoinInput, perDay: PerDay, entries: number): readonly CostLine[] {
  // An hour is merged once, into one object; half of its commits are its tail when it is read.
  const merges = windowSeconds / hourSeconds;
  const tail = hourSeconds / windowSeconds / 2;
  const read = workload.cacheMissRatio * perDay(({ hours }) => hours + tail);
  const kept = keptGigabytes(entries * workload.segmentRowBytes, workload) / month;
  return [
    {
      what: 'Join: parts written',
      usdPerDay: priceOf(
        'objectPut',
        perDay(() => 1 + merges),
      ),
    },
    { what: 'Join: segments read', usdPerDay: priceOf('objectGet', read) },
    { what: 'Join: segments kept', usdPerDay: priceOf('objectGigabyteMonth', kept) },
  ];
}

/** One write for a prediction, one for its outcome; aggregates, which could not be exact, are not in it. */
function itemCost(input: JoinInput, rows: number, outcomes: number): readonly CostLine[] {
  const kept = keptGigabytes(rows * input.workload.plainRecordBytes, input.workload) / month;
  return [
    { what: 'Join: items written', usdPerDay: writeCost(input, rows + outcomes) },
    { what: 'Join: items kept', usdPerDay: priceOf('tableGigabyteMonth', kept) },
  ];
}

function keptGigabytes(bytesPerDay: number, { bufferDays }: Workload): number {
  return (bytesPerDay * bufferDays) / 1e9;
}

function writeCost({ capacity, workload }: JoinInput, units: number): number {
  if (capacity === 'on-demand') return priceOf('writeUnit', units);
  return priceOf('writeCapacityHour', units / hourSeconds / workload.capacityUsedRatio);
}

function readCost({ capacity, workload }: JoinInput, units: number): number {
  if (capacity === 'on-demand') return priceOf('readUnit', units);
  return priceOf('readCapacityHour', units / hourSeconds / workload.capacityUsedRatio);
}
