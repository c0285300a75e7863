import type { GraphColumns } from '../../domain/graph/snapshot/graph-columns.ts';
import { decodeSnapshot } from '../../domain/graph/snapshot/snapshot-codec.ts';
import type { SnapshotStore } from '../../ports/snapshot-store.ts';

/**
 * The snapshot that the manifest names; undefined when there is none, or none that can be read: the table has all that is
 * in it, so nothing that is wrong with a snapshot is a reason not to answer.
 *
 * @param after Number of a change; a snapshot that does not go beyond it is not read. @default any is
 */
export async function readSnapshot(snapshots: SnapshotStore, after = -1): Promise<GraphColumns | undefined> {
  try {
    const manifest = await snapshots.manifest();
    if (manifest === undefined || manifest.change <= after) return undefined;
    const bytes = await snapshots.read(manifest.key);
    return bytes && decodeSnapshot(bytes);
  } catch {
    return undefined;
  }
}
