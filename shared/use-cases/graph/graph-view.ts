import type { GraphView } from '../../domain/graph/graph-view-types.ts';
import { buildColumns } from '../../domain/graph/snapshot/build-columns.ts';
import { createSnapshotView } from '../../domain/graph/snapshot/snapshot-view.ts';
import type { Instant } from '../../domain/time.ts';
import type { GraphStore } from '../../ports/graph-store.ts';
import type { SnapshotStore } from '../../ports/snapshot-store.ts';
import { readSnapshot } from './read-snapshot.ts';

type Loaded = {
  readonly view: GraphView;
  /** Number of the change up to which it was loaded. */
  readonly base: number;
  /** Number of the last change that is in it. */
  change: number;
  /** Contributions that came with the log since it was loaded. */
  followed: number;
  /** So many of them make it worth asking for a newer snapshot. */
  askAt: number;
};

/** More than this came since: what was said since is in maps, which take ten times the memory and the time to walk. */
const maximumFollowed = 20_000;

/** The graph as of the moment it is asked for, which is `now`: what was to end by then has ended. */
export type GraphAt = (now: Instant) => Promise<GraphView>;

/** Ports for a question that is asked of the present and has no other need to know when that is. */
export function atPresent<P extends { readonly graph: GraphAt }>(ports: P, now: Instant) {
  return { ...ports, graph: () => ports.graph(now) };
}

/**
 * The graph in memory, as of the moment it is asked for: loaded once per process, from the newest snapshot where there
 * is one and from the table otherwise, then brought up to the change log's end with one read per question.
 */
export function createGraphView(store: Pick<GraphStore, 'all' | 'changesAfter'>, snapshots?: SnapshotStore): GraphAt {
  let loaded: Loaded | undefined;

  async function load(): Promise<GraphView> {
    const columns = snapshots && (await readSnapshot(snapshots));
    if (columns !== undefined) {
      const fromSnapshot = begin(createSnapshotView(columns), columns.change);
      // The log may have gone on without it for longer than the log is kept.
      if (await follow(store, fromSnapshot)) {
        loaded = fromSnapshot;
        return loaded.view;
      }
    }
    const { change, contributions } = await store.all();
    const said = contributions.map(({ streamId, contribution }) => [streamId, contribution] as const);
    // What was written while it was read comes again with the log, to no effect.
    loaded = begin(createSnapshotView(buildColumns(change, said)), change);
    return loaded.view;
  }

  /** Takes a newer snapshot once maps have grown large beside the one that was loaded. */
  async function renew(present: Loaded): Promise<GraphView> {
    present.askAt += maximumFollowed;
    const columns = snapshots && (await readSnapshot(snapshots, present.base));
    if (columns === undefined) return present.view;
    const renewed = begin(createSnapshotView(columns), columns.change);
    if (!(await follow(store, renewed))) return present.view;
    loaded = renewed;
    return renewed.view;
  }

  async function upToDate(): Promise<GraphView> {
    const present = loaded;
    if (present === undefined || !(await follow(store, present))) return load();
    return present.followed >= present.askAt ? renew(present) : present.view;
  }

  return async (now) => {
    const view = await upToDate();
    view.endExpired(now);
    return view;
  };
}

function begin(view: GraphView, change: number): Loaded {
  return { view, base: change, change, followed: 0, askAt: maximumFollowed };
}

/** False when the log no longer reaches back to what is in it. */
async function follow(store: Pick<GraphStore, 'changesAfter'>, present: Loaded): Promise<boolean> {
  const changes = await store.changesAfter(present.change);
  if (changes === undefined) return false;
  for (const { contributions, change } of changes) {
    if (change <= present.change) continue;
    for (const { streamId, contribution } of contributions) present.view.replace(streamId, contribution);
    present.change = change;
    present.followed += contributions.length;
  }
  return true;
}
