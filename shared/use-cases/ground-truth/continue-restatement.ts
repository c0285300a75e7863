import { systemActor } from '../../domain/actor.ts';
import { isRunwayError, notFound } from '../../domain/errors.ts';
import { type DistrustRow, distrustRows } from '../../domain/ground-truth/distrusted-span.ts';
import {
  evolveRestatement,
  openRestatements,
  type RestatementEvent,
  type RestatementState,
  restatedHours,
  restatementLists,
} from '../../domain/ground-truth/restatement.ts';
import { longestWindowMinutes } from '../../domain/ground-truth/served-model.ts';
import { restatementStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import type { JoinBuffer } from '../../ports/join-buffer.ts';
import type { ModelDirectory } from '../../ports/model-directory.ts';
import type { ScanQueue } from '../../ports/scan-queue.ts';
import { loadModel } from '../registry/change-model.ts';
import { readDistrusted, withDistrusted } from './read-distrusted.ts';
import { restateBucket } from './restate-bucket.ts';
import type { RestatementPorts } from './start-restatements.ts';

export type ContinuingPorts = RestatementPorts & {
  readonly directory: ModelDirectory;
  readonly buffer: JoinBuffer;
  /** Has the model evaluated on its new figures. */
  readonly scans: ScanQueue;
};

/** Each may take a read and a write of a thousand hours; so many fit an invocation of some minutes. */
const bucketsAtOnce = 4;
const actor = systemActor('ground-truth');

/**
 * Restates the next buckets and asks for those after them, or has the model evaluated when these were the last. Done
 * twice, or by two at once, it does the same: a bucket is computed from what it holds, and who comes second leaves the rest
 * to the first. Throws `NotFound`, `DependencyUnavailable`.
 */
export async function continueRestatement(ports: ContinuingPorts, restatementId: string, now: Instant): Promise<void> {
  const { events, queue } = ports;
  const head = await events.head<RestatementState>(restatementStream(restatementId));
  if (head === undefined) throw notFound('restatement', restatementId);
  const { status, modelId, buckets, bucketsDone: from } = head.state;
  if (status === 'completed') return;
  const bucketsDone = Math.min(buckets, from + bucketsAtOnce);
  const hours = await restateBuckets(ports, head.state, { from, to: bucketsDone, now });
  const of = { schemaVersion: 1, restatementId } as const;
  const progressed = { ...of, type: 'RestatementProgressed', bucketsDone, hours } as const;
  if (bucketsDone < buckets) {
    if (await record(events, head, [progressed], now)) await queue.send({ restatementId });
    return;
  }
  // Before it is recorded: should this end here, it is asked for again.
  await evaluateAgain(ports, modelId, now);
  await record(events, head, [progressed, { ...of, type: 'RestatementCompleted' }], now);
}

type Buckets = { readonly from: number; readonly to: number; readonly now: Instant };

async function restateBuckets(
  { events, directory, buffer }: ContinuingPorts,
  { modelId, days }: RestatementState,
  { from, to, now }: Buckets,
): Promise<number> {
  const found = await directory.find(modelId, []);
  if (found === undefined) throw notFound('model', modelId);
  const model = withDistrusted(found, await readDistrusted(events));
  const hours = days === undefined ? [] : restatedHours(days, { windowMinutes: longestWindowMinutes(model), now });
  let count = 0;
  for (let bucket = from; bucket < to; bucket += 1)
    count += (await restateBucket(buffer, { bucket: { modelId, bucket }, model, hours, now })).length;
  return count;
}

async function evaluateAgain({ events, scans }: ContinuingPorts, modelId: string, now: Instant): Promise<void> {
  const { champion, lifecycle } = (await loadModel(events, modelId)).state;
  if (champion !== undefined && lifecycle !== 'retired') await scans.send([{ now, modelIds: [modelId] }]);
}

/** Whether it was this call that moved it on. */
async function record(
  events: EventStore,
  head: Head<RestatementState>,
  happened: readonly RestatementEvent[],
  now: Instant,
): Promise<boolean> {
  const state = happened.reduce((held, event) => evolveRestatement(held, event, now), head.state);
  const { streamId, version: expectedVersion } = head;
  const commit = { streamId, expectedVersion, events: happened, state, lists: restatementLists(state) };
  try {
    await events.append([{ ...commit, actor, reason: 'restating', occurredAt: now }]);
    return true;
  } catch (error) {
    if (isRunwayError(error) && error.name === 'VersionConflict') return false;
    throw error;
  }
}

/** Asks again for whatever a lost message or a crash left behind; resolves to how much that was. */
export async function resumeRestatements({ events, queue }: RestatementPorts): Promise<number> {
  const rows = await events.rows<DistrustRow>(distrustRows);
  const behind = rows.filter(({ trustRevision, restatedRevision }) => restatedRevision < trustRevision);
  for (const { writer, trustRevision } of behind) await queue.send({ writer, revision: trustRevision });
  const { items } = await events.list<RestatementState>(openRestatements, { limit: 100 });
  for (const { state } of items) await queue.send({ restatementId: state.restatementId });
  return behind.length + items.length;
}
