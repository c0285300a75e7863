import { versionConflict } from '../../shared/domain/errors.ts';
import type { Commit, EventStore, Head, ListEntry, NewCommit } from '../../shared/ports/event-store.ts';
import type { Scheduler } from './scheduler.ts';

type Stream = {
  readonly head: Head<unknown>;
  readonly lists: readonly ListEntry[];
  readonly commits: readonly Commit[];
};

/** Seconds by which lists lag behind the streams. */
const lag = { usual: 0.5, rare: 20 };

/** Streams as the table keeps them; lists lag behind as its index does. States are shared: nothing may change one in place. */
export function createSimulatedStore(scheduler: Scheduler, onCommit: (commits: readonly NewCommit[]) => void) {
  const streams = new Map<string, Stream>();
  const listed = new Map<string, Stream>();

  function apply(commit: NewCommit): void {
    const { streamId, state, lists, events, actor, reason, occurredAt, correlationId } = commit;
    const before = streams.get(streamId);
    const version = commit.expectedVersion + 1;
    const about = { streamId, version, events, actor, reason, occurredAt, hash: '', previousHash: '' };
    const sealed: Commit = { ...about, ...(correlationId !== undefined && { correlationId }) };
    const commits = [...(before?.commits ?? []), sealed];
    const stream = { head: { streamId, version, state, hash: '' }, lists, commits };
    streams.set(streamId, stream);
    const seconds = scheduler.random() * (scheduler.happens(0.05) ? lag.rare : lag.usual);
    scheduler.later(seconds, () => {
      if ((listed.get(streamId)?.head.version ?? 0) < version) listed.set(streamId, stream);
    });
  }

  const store: EventStore = {
    head: async <S>(streamId: string) => streams.get(streamId)?.head as Head<S> | undefined,
    append: async (commits) => {
      for (const { streamId, expectedVersion } of commits)
        if ((streams.get(streamId)?.head.version ?? 0) !== expectedVersion)
          throw versionConflict(streamId, expectedVersion);
      commits.forEach(apply);
      onCommit(commits);
    },
    commits: async (streamId, { afterVersion, limit }) =>
      (streams.get(streamId)?.commits ?? []).filter(({ version }) => version > afterVersion).slice(0, limit),
    list: async <S>(list: string) => {
      const entries = [...listed.values()].flatMap(({ head, lists }) =>
        lists.filter((entry) => entry.list === list).map(({ sort }) => ({ sort, head })),
      );
      return { items: entries.sort((a, b) => (a.sort < b.sort ? -1 : 1)).map(({ head }) => head as Head<S>) };
    },
    rows: async () => [],
  };
  return {
    store,
    stateOf: <S>(streamId: string) => streams.get(streamId)?.head.state as S | undefined,
    streamsOf: (prefix: string) => [...streams.values()].filter(({ head }) => head.streamId.startsWith(prefix)),
  };
}
