import { versionConflict } from '../../domain/errors.ts';
import type { Commit, EventStore, Head, ListEntry, NewCommit } from '../../ports/event-store.ts';
import { decodeCursor, encodeCursor, listKeys } from '../list-keys.ts';
import { checkCommits, genesisHash, sealCommit } from '../seal-commits.ts';

type Stream = {
  readonly head: Head<unknown>;
  readonly lists: readonly ListEntry[];
  readonly row: NewCommit['row'];
  readonly commits: readonly Commit[];
};

/** Twin of the DynamoDB store for tests; what it returns is a copy, as if it had come over the wire. */
export function createMemoryEventStore(): EventStore {
  const streams = new Map<string, Stream>();

  const append = async (commits: readonly NewCommit[]) => {
    checkCommits(commits);
    for (const { streamId, expectedVersion, lists } of commits) {
      listKeys(lists);
      if ((streams.get(streamId)?.head.version ?? 0) !== expectedVersion)
        throw versionConflict(streamId, expectedVersion);
    }
    for (const commit of commits) streams.set(commit.streamId, extended(streams.get(commit.streamId), copy(commit)));
  };

  return {
    append,
    head: async <S>(streamId: string) => copy(streams.get(streamId)?.head as Head<S> | undefined),
    commits: async (streamId, { afterVersion, limit }) =>
      copy((streams.get(streamId)?.commits ?? []).filter((commit) => commit.version > afterVersion).slice(0, limit)),
    list: async <S>(list: string, page: Parameters<EventStore['list']>[1]) => {
      const sign = page.descending ? -1 : 1;
      const compare = (a: Entry, b: Entry) => sign * (order(a.sort, b.sort) || order(a.head.streamId, b.head.streamId));
      const after = page.cursor === undefined ? undefined : decodeCursor(list, page.cursor);
      const isAfter = (entry: Entry) =>
        after === undefined || sign * (order(entry.sort, after.sort) || order(entry.head.streamId, after.streamId)) > 0;
      const found = entriesOf(streams, list)
        .filter((entry) => entry.sort.startsWith(page.prefix ?? '') && isAfter(entry))
        .sort(compare);
      const items = found.slice(0, page.limit);
      const last = items.at(-1);
      const cursor =
        last && found.length > items.length
          ? { cursor: encodeCursor(list, { sort: last.sort, streamId: last.head.streamId }) }
          : {};
      return { items: copy(items.map((entry) => entry.head as Head<S>)), ...cursor };
    },
    rows: async <R>(list: string) =>
      copy([...streams.values()].flatMap(({ row }) => (row?.list === list ? [row.value as R] : []))),
  };
}

type Entry = { readonly sort: string; readonly head: Head<unknown> };

function entriesOf(streams: ReadonlyMap<string, Stream>, list: string): readonly Entry[] {
  return [...streams.values()].flatMap(({ head, lists }) =>
    lists.filter((entry) => entry.list === list).map(({ sort }) => ({ sort, head })),
  );
}

function extended(stream: Stream | undefined, commit: NewCommit): Stream {
  const sealed = sealCommit(commit, stream?.head.hash ?? genesisHash);
  const head = { streamId: commit.streamId, version: sealed.version, state: commit.state, hash: sealed.hash };
  return { head, lists: commit.lists, row: commit.row, commits: [...(stream?.commits ?? []), sealed] };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function copy<T>(value: T): T {
  return value === undefined ? value : JSON.parse(JSON.stringify(value));
}
