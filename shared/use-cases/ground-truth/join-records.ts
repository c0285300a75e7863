import type { FailureStore } from '../../ports/failure-store.ts';
import { auditConflicts } from './audit-conflicts.ts';
import { type BucketEvents, type Joined, type Joining, joinBucket } from './join-bucket.ts';
import type { OpenedRecord, StreamRecord } from './open-record.ts';
import { putRejectedLines } from './put-aside.ts';

export type RecordFailure = { readonly id: string; readonly error: unknown };

type Opened = { readonly record: StreamRecord; readonly opened: OpenedRecord };
type Dependencies = Omit<Joining, 'audit'> & {
  readonly failures: FailureStore;
  /** Told of every bucket that was brought up to date. */
  readonly onJoined?: (batch: BucketEvents, joined: Joined) => void;
};

/** Enough to hide the latency of the table; more would wait for its connections in an order of their own. */
const concurrentBuckets = 32;
/** Of a model whose tier is not known. */
const lastTier = 4;

/**
 * Applies opened records, some buckets side by side, those of tier 1 first, and puts their unusable lines aside. Resolves
 * to the records that have to come again, with what stopped them; the others are done for good. Within an invocation only:
 * a shard hands its records over in their order, whatever their tier.
 */
export async function joinRecords(
  { failures, onJoined, ...joining }: Dependencies,
  records: readonly Opened[],
): Promise<readonly RecordFailure[]> {
  const audited: Joining = { ...joining, audit: (bucket, conflicts) => auditConflicts(failures, bucket, conflicts) };
  const put = records.map(({ record, opened }) =>
    failuresOf([record.id], putRejectedLines(failures, record, opened.rejected)),
  );
  const left = byTier(groupByBucket(records)).values();
  const failed: RecordFailure[] = [];
  const worker = async () => {
    for (const { ids, batch } of left) {
      const work = joinBucket(audited, batch).then((each) => onJoined?.(batch, each));
      failed.push(...(await failuresOf(ids, work)));
    }
  };
  const workers = Array.from({ length: concurrentBuckets }, worker);
  const [notPut] = await Promise.all([Promise.all(put), ...workers]);
  return [...notPut.flat(), ...failed];
}

function byTier(groups: ReturnType<typeof groupByBucket>): ReturnType<typeof groupByBucket> {
  return groups.toSorted((a, b) => (a.batch.model.tier ?? lastTier) - (b.batch.model.tier ?? lastTier));
}

async function failuresOf(ids: readonly string[], work: Promise<void>): Promise<readonly RecordFailure[]> {
  try {
    await work;
    return [];
  } catch (error) {
    return ids.map((id) => ({ id, error }));
  }
}

function groupByBucket(records: readonly Opened[]) {
  const groups = new Map<string, Opened[]>();
  for (const record of records) {
    const { modelId, bucket } = record.opened.bucket;
    const key = `${modelId}#${bucket}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  return [...groups.values()].map((group) => ({ ids: group.map(({ record }) => record.id), batch: batchOf(group) }));
}

// The directory only ever learns more versions, so the last record's model knows those of all.
function batchOf(group: readonly Opened[]): BucketEvents {
  const { bucket, model } = group.at(-1)!.opened;
  return { bucket, model, events: group.flatMap(({ opened }) => opened.events) };
}
