import type { Journal } from '../journal.ts';
import { settleAll } from '../settle-all.ts';
import type { Clock, Functions, ResolvedResource, WorkSource } from '../types.ts';
import { type OnFailure, reportDiscarded } from './failure-destination.ts';
import { failedItems, type MappingSettings } from './mapping-settings.ts';
import { openCheckpoint, type ShardCheckpoint } from './stream-checkpoints.ts';
import type { StreamReader } from './stream-reader.ts';

export type StreamMappingOptions = {
  readonly mapping: ResolvedResource;
  readonly functions: Functions;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly endpoint: string;
  readonly onFailure: OnFailure;
  /** Changes whenever something may have been put; without it the stream is polled in every round. */
  readonly changes?: () => number;
  readonly log?: (message: string) => void;
};

type Buffered = {
  readonly sequenceNumber: string;
  readonly bytes: number;
  readonly arrivedAt: number;
  readonly event: object;
};

/** The next records to try, fewer than a batch after a bisection. Times are virtual milliseconds. */
type Attempt = { readonly size: number; readonly failures: number; readonly notBefore: number };

type Shard = {
  readonly id: string;
  readonly checkpoint: ShardCheckpoint;
  /** Read but not done. */
  records: Buffered[];
  attempts: Attempt[];
  /** The last record read, wanted or filtered out. */
  readUpTo: string | undefined;
  seenChanges: number | undefined;
};

const maximumEventBytes = 6_000_000;
const immediateRetries = 10;
const longestBackOffMilliseconds = 60_000;

/**
 * Lambda's poller for an ordered stream: batches by size and window, retries, bisection, partial failures, and a
 * checkpoint per shard that moves only past records that succeeded or were handed to the failure destination.
 */
export function createStreamMapping(
  options: StreamMappingOptions & {
    readonly settings: MappingSettings;
    readonly reader: StreamReader;
    readonly infoField: string;
  },
): WorkSource {
  const { settings, reader, clock, changes = () => Number.NaN, log = () => undefined } = options;
  let shards: readonly Shard[] | undefined;

  async function open(): Promise<readonly Shard[]> {
    return (await reader.shards()).map((id) => {
      const checkpoint = openCheckpoint(options.journal, settings.id, id);
      return { id, checkpoint, records: [], attempts: [], readUpTo: checkpoint.position(), seenChanges: undefined };
    });
  }

  /** Reads until there is enough for a batch or the shard has no more. */
  async function fill(shard: Shard): Promise<void> {
    while (shard.records.length < settings.batchSize) {
      const current = changes();
      if (current === shard.seenChanges) return;
      const limit = settings.batchSize - shard.records.length;
      const read = await reader.read(shard.id, shard.readUpTo, limit);
      const numbers = read.map((record) => record.sequenceNumber);
      const arrivals = shard.checkpoint.arrivals(numbers, clock.now());
      const records = read.map(({ sequenceNumber, bytes, toEvent }, index): Buffered => {
        const arrivedAt = arrivals[index] ?? clock.now();
        return { sequenceNumber, bytes, arrivedAt, event: toEvent(arrivedAt) as object };
      });
      shard.readUpTo = numbers.at(-1) ?? shard.readUpTo;
      shard.records.push(...records.filter((_, index) => read[index]?.isWanted));
      if (shard.records.length === 0 && shard.readUpTo !== undefined && read.length > 0) {
        shard.checkpoint.advance(shard.readUpTo);
      }
      if (read.length === 0) {
        shard.seenChanges = current;
        return;
      }
    }
  }

  /** How many records the next batch has; 0 while its window is open. */
  function batchSize(shard: Shard): number {
    const candidates = shard.records.slice(0, settings.batchSize);
    let bytes = 0;
    const fitting = candidates.filter((record, index) => {
      bytes += record.bytes;
      return index === 0 || bytes <= maximumEventBytes;
    });
    const isFull = candidates.length === settings.batchSize || fitting.length < candidates.length;
    return isFull || (windowEndsAt(shard) ?? Number.POSITIVE_INFINITY) <= clock.now() ? fitting.length : 0;
  }

  function windowEndsAt(shard: Shard): number | undefined {
    const first = shard.records[0];
    return first && first.arrivedAt + settings.windowMilliseconds;
  }

  /** Tries one batch, or what is left of one; resolves to whether there was anything to try. */
  async function step(shard: Shard): Promise<boolean> {
    await fill(shard);
    const now = clock.now();
    if (shard.attempts.length === 0) {
      const size = batchSize(shard);
      if (size > 0) shard.attempts = [{ size, failures: 0, notBefore: now }];
    }
    const attempt = shard.attempts[0];
    if (attempt === undefined || attempt.notBefore > now) return false;
    const batch = shard.records.slice(0, attempt.size);
    const expired = batch.filter((record) => now - record.arrivedAt > settings.maximumAgeMilliseconds);
    if (expired.length > 0) {
      await discard(shard, expired, 'RecordAgeExceeded', attempt.failures);
      finish(shard, expired.length);
      replaceAttempt(shard, [{ ...attempt, size: attempt.size - expired.length }]);
      return true;
    }
    await tryBatch(shard, attempt, batch);
    return true;
  }

  async function tryBatch(shard: Shard, attempt: Attempt, batch: readonly Buffered[]): Promise<void> {
    const done = await invoke(batch);
    finish(shard, done);
    if (done > 0) {
      replaceAttempt(shard, [{ size: attempt.size - done, failures: 0, notBefore: clock.now() }]);
    } else if (settings.bisects && attempt.size > 1) {
      const half = Math.floor(attempt.size / 2);
      replaceAttempt(shard, [
        { ...attempt, size: half },
        { ...attempt, size: attempt.size - half },
      ]);
    } else if (attempt.failures >= settings.maximumRetries) {
      await discard(shard, batch, 'RetryAttemptsExhausted', attempt.failures + 1);
      finish(shard, batch.length);
      replaceAttempt(shard, []);
    } else {
      const failures = attempt.failures + 1;
      replaceAttempt(shard, [{ ...attempt, failures, notBefore: clock.now() + backOff(failures) }]);
    }
  }

  function replaceAttempt(shard: Shard, replacement: readonly Attempt[]): void {
    shard.attempts.splice(0, 1, ...replacement.filter(({ size }) => size > 0));
  }

  function backOff(failures: number): number {
    if (failures <= immediateRetries && settings.maximumRetries < Number.POSITIVE_INFINITY) return 0;
    return Math.min(1000 * 2 ** Math.min(failures - 1, 10), longestBackOffMilliseconds);
  }

  /** How many records from the first on succeeded. */
  async function invoke(batch: readonly Buffered[]): Promise<number> {
    const event = { Records: batch.map((record) => record.event) };
    const result = await options.functions.invoke(settings.functionName, event);
    if (!result.ok) {
      log(`${settings.functionName} failed on ${batch.length} records: ${result.errorType} ${result.errorMessage}`);
      return 0;
    }
    if (!settings.reportsItemFailures) return batch.length;
    const numbers = batch.map((record) => record.sequenceNumber);
    const failed = failedItems(result.payload, numbers);
    const first = numbers.findIndex((number) => failed.has(number));
    return first === -1 ? batch.length : first;
  }

  function finish(shard: Shard, count: number): void {
    const done = shard.records.splice(0, count).at(-1);
    if (done === undefined) return;
    // Records beyond the last one done are done as well if the filters dropped them.
    const last = shard.records.length === 0 ? shard.readUpTo : undefined;
    shard.checkpoint.advance(last ?? done.sequenceNumber);
  }

  async function discard(
    shard: Shard,
    batch: readonly Buffered[],
    condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded',
    invokeCount: number,
  ): Promise<void> {
    const [first, last] = [batch[0], batch.at(-1)];
    if (first === undefined || last === undefined) return;
    log(`${settings.id} gives up ${batch.length} records of ${shard.id} from ${first.sequenceNumber} on: ${condition}`);
    const discarded = {
      condition,
      invokeCount,
      infoField: options.infoField,
      shardId: shard.id,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      firstArrivedAt: first.arrivedAt,
      lastArrivedAt: last.arrivedAt,
      batchSize: batch.length,
      event: { Records: batch.map((record) => record.event) },
    };
    await reportDiscarded(settings, discarded, clock.now(), options.onFailure);
  }

  return {
    name: settings.id,
    async pump() {
      if (!settings.isEnabled) return false;
      shards ??= await open();
      return (await settleAll(shards.map(step))).includes(true);
    },
    nextWakeAt() {
      const moments = (shards ?? []).map((shard) => shard.attempts[0]?.notBefore ?? windowEndsAt(shard));
      const known = moments.filter((moment) => moment !== undefined);
      return known.length === 0 ? undefined : Math.min(...known);
    },
  };
}
