import type { Contribution } from '../../domain/graph/contribution.ts';
import { buildColumns } from '../../domain/graph/snapshot/build-columns.ts';
import type { GraphColumns } from '../../domain/graph/snapshot/graph-columns.ts';
import { encodeSnapshot } from '../../domain/graph/snapshot/snapshot-codec.ts';
import { createSnapshotView } from '../../domain/graph/snapshot/snapshot-view.ts';
import { type Instant, minuteMillis, toMillis } from '../../domain/time.ts';
import type { GraphChange, GraphStore } from '../../ports/graph-store.ts';
import type { SnapshotManifest, SnapshotStore } from '../../ports/snapshot-store.ts';
import { readSnapshot } from './read-snapshot.ts';

type Ports = { readonly graph: Pick<GraphStore, 'all' | 'changesAfter'>; readonly snapshots: SnapshotStore };

export type Compaction = {
  /** Changes of the log that the newest snapshot lacked. */
  readonly lag: number;
  /** Absent when it was not worth writing one. */
  readonly written?: Pick<SnapshotManifest, 'change' | 'bytes'>;
};

/** Changes that are worth a new snapshot at once; fewer wait until the last one is as old as below. */
const changesWorthOne = 200;
const minutesWorthOne = 60;
/** Who reads the one before the newest has just read the manifest before. */
const snapshotsKept = 2;

/**
 * Writes the next snapshot from the one before and the log since, or from the table where there is none or the log no
 * longer reaches back. It may be done twice at once and may end anywhere: a snapshot counts once the manifest names it,
 * and whichever is named is right as of its own change.
 */
export async function compactGraph({ graph, snapshots }: Ports, now: Instant): Promise<Compaction> {
  const manifest = await snapshots.manifest();
  const changes = manifest && (await graph.changesAfter(manifest.change));
  if (manifest !== undefined && changes !== undefined && !isDue(manifest, changes, now)) return { lag: changes.length };
  const before = changes && (await readSnapshot(snapshots));
  const columns = before === undefined ? await fromTable(graph) : fromSnapshot(before, changes ?? []);
  const lag = changes?.length ?? columns.change - (manifest?.change ?? 0);
  if (columns.change === 0) return { lag };
  const bytes = encodeSnapshot(columns);
  const key = await snapshots.write(columns.change, bytes);
  const newest = await snapshots.manifest();
  const written = { change: columns.change, bytes: bytes.length };
  // Another has gone further meanwhile; without this, readers would only have more of the log to follow.
  if (newest === undefined || newest.change <= columns.change)
    await snapshots.publish({ key, ...written, writtenAt: now });
  await snapshots.keepNewest(snapshotsKept, [key, ...(newest === undefined ? [] : [newest.key])]);
  return { lag, written };
}

function isDue({ writtenAt }: SnapshotManifest, changes: readonly GraphChange[], now: Instant): boolean {
  const isOld = toMillis(now) - toMillis(writtenAt) >= minutesWorthOne * minuteMillis;
  return changes.length >= changesWorthOne || (changes.length > 0 && isOld);
}

async function fromTable(graph: Ports['graph']): Promise<GraphColumns> {
  const { change, contributions } = await graph.all();
  return buildColumns(
    change,
    contributions.map(({ streamId, contribution }) => [streamId, contribution] as const),
  );
}

/** The manifest that was read for the snapshot may be newer than the changes' beginning; saying again changes nothing. */
function fromSnapshot(columns: GraphColumns, changes: readonly GraphChange[]): GraphColumns {
  const view = createSnapshotView(columns);
  const since = changes.filter(({ change }) => change > columns.change);
  const said = new Map<string, Contribution>();
  for (const { contributions } of since)
    for (const { streamId, contribution } of contributions) said.set(streamId, contribution);
  for (const [streamId, contribution] of said) view.replace(streamId, contribution);
  return buildColumns(since.at(-1)?.change ?? columns.change, view.contributions());
}
