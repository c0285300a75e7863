import type { GraphView } from '../../shared/domain/graph/graph-view-types.ts';
import type { GraphStore } from '../../shared/ports/graph-store.ts';
import type { SnapshotStore } from '../../shared/ports/snapshot-store.ts';
import { createGraphView } from '../../shared/use-cases/graph/graph-view.ts';

/** The graph as it is stored: at a moment at which nothing that is to end has ended. */
export function createStoredView(
  store: Pick<GraphStore, 'all' | 'changesAfter'>,
  snapshots?: SnapshotStore,
): () => Promise<GraphView> {
  const view = createGraphView(store, snapshots);
  return () => view('0001-01-01T00:00:00.000Z');
}
