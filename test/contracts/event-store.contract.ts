import { describe, expect, it } from 'vitest';
import { isUnbrokenChain, sealCommit } from '../../shared/adapters/seal-commits.ts';
import { withCorrelation } from '../../shared/observability/correlation.ts';
import type { EventStore, NewCommit } from '../../shared/ports/event-store.ts';

const editor = { id: 'ada', kind: 'person', roles: ['editor:flights'], teams: ['flights'] } as const;

function commit(streamId: string, expectedVersion: number, change: Partial<NewCommit> = {}): NewCommit {
  return {
    streamId,
    expectedVersion,
    events: [{ type: 'Happened', schemaVersion: 1 }],
    state: { streamId, version: expectedVersion + 1 },
    lists: [],
    actor: editor,
    reason: 'test',
    occurredAt: '2001-01-22T06:00:00.000Z',
    ...change,
  };
}

/** What every event store does; `store` gives the one under test, tests use streams and lists of their own. */
export function eventStoreContract(store: () => EventStore): void {
  describe('append', () => {
    it('makes the new state the head, strongly consistent', async () => {
      await store().append([commit('head#1', 0, { state: { lateRate: 0.22, evidence: 1e-178, note: undefined } })]);
      const head = await store().head('head#1');
      expect(head).toMatchObject({ streamId: 'head#1', version: 1, state: { lateRate: 0.22, evidence: 1e-178 } });
      expect(head?.state).not.toHaveProperty('note');
    });

    it('knows nothing of a stream that was never appended to', async () => {
      expect(await store().head('never')).toBeUndefined();
      expect(await store().commits('never', { afterVersion: 0, limit: 10 })).toEqual([]);
    });

    it.each([
      ['new, though it exists', 0],
      ['older than it is', 1],
      ['newer than it is', 3],
    ])('refuses a stream that is expected to be %s', async (_case, expectedVersion) => {
      const streamId = `conflict#${expectedVersion}`;
      await store().append([commit(streamId, 0)]);
      await store().append([commit(streamId, 1)]);
      await expect(store().append([commit(streamId, expectedVersion)])).rejects.toMatchObject({
        name: 'VersionConflict',
      });
      expect((await store().head(streamId))?.version).toBe(2);
    });

    it('commits several streams together', async () => {
      await store().append([commit('both#a', 0), commit('both#b', 0)]);
      await store().append([commit('both#a', 1), commit('both#b', 1), commit('both#c', 0)]);
      const versions = await Promise.all(
        ['both#a', 'both#b', 'both#c'].map(async (id) => (await store().head(id))?.version),
      );
      expect(versions).toEqual([2, 2, 1]);
    });

    it('commits none of several streams when one has moved, and names it', async () => {
      await store().append([commit('none#a', 0), commit('none#b', 0)]);
      await store().append([commit('none#b', 1)]);
      await expect(
        store().append([commit('none#a', 1), commit('none#b', 1), commit('none#c', 0)]),
      ).rejects.toMatchObject({
        name: 'VersionConflict',
        message: 'none#b is no longer at version 1',
      });
      expect((await store().head('none#a'))?.version).toBe(1);
      expect(await store().head('none#c')).toBeUndefined();
    });

    it('lets exactly one of many concurrent appends to a version through', async () => {
      await store().append([commit('race', 0)]);
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, n) => store().append([commit('race', 1, { reason: `try ${n}` })])),
      );
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'VersionConflict' });
      expect(await store().commits('race', { afterVersion: 0, limit: 10 })).toHaveLength(2);
    });

    it.each([
      ['no commit', []],
      ['one stream twice', [commit('twice', 0), commit('twice', 1)]],
      ['a commit without events', [commit('empty', 0, { events: [] })]],
      ['more than ten streams', Array.from({ length: 11 }, (_, n) => commit(`many#${n}`, 0))],
      [
        'two lists of one index',
        [
          commit('lists', 0, {
            lists: [
              { list: 'a', sort: '1' },
              { list: 'b', sort: '1' },
            ],
          }),
        ],
      ],
    ])('refuses %s as a mistake of the caller', async (_case, commits) => {
      await expect(store().append(commits)).rejects.toThrow(/expected|no events/);
    });
  });

  describe('commits', () => {
    it('come in order, after a version, with all that was said', async () => {
      const change = { events: [{ type: 'A', schemaVersion: 1, note: 'ü "quoted"' }], reason: 'because' };
      await store().append([commit('order', 0, change)]);
      for (let version = 1; version < 12; version += 1) await store().append([commit('order', version)]);
      const page = (afterVersion: number, limit: number) => store().commits('order', { afterVersion, limit });
      expect((await page(0, 5)).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
      expect((await page(9, 5)).map(({ version }) => version)).toEqual([10, 11, 12]);
      expect((await page(0, 1))[0]).toMatchObject({
        streamId: 'order',
        ...change,
        actor: editor,
        occurredAt: '2001-01-22T06:00:00.000Z',
      });
    });

    it('form a chain in which no commit can be changed, dropped or swapped unnoticed', async () => {
      for (let version = 0; version < 4; version += 1)
        await store().append([commit('chain', version, { reason: `step ${version}` })]);
      const commits = await store().commits('chain', { afterVersion: 0, limit: 10 });
      const [first, second, third, fourth] = commits;
      expect(isUnbrokenChain(commits)).toBe(true);
      expect(isUnbrokenChain(commits.slice(2), second)).toBe(true);
      expect(isUnbrokenChain([first!, { ...second!, reason: 'nothing to see' }, third!, fourth!])).toBe(false);
      expect(isUnbrokenChain([first!, { ...second!, occurredAt: '2001-01-23T06:00:00.000Z' }, third!])).toBe(false);
      expect(isUnbrokenChain([first!, third!, fourth!])).toBe(false);
      expect(isUnbrokenChain([second!, first!])).toBe(false);
      expect((await store().head('chain'))?.hash).toBe(fourth!.hash);
    });

    it('bear the correlation id they are given, else the one they are appended under, within the hash', async () => {
      await withCorrelation('req-1', () => store().append([commit('correlated', 0)]));
      await withCorrelation('req-2', () => store().append([commit('correlated', 1, { correlationId: 'eval-7' })]));
      await store().append([commit('correlated', 2)]);
      const commits = await store().commits('correlated', { afterVersion: 0, limit: 10 });
      expect(commits.map(({ correlationId }) => correlationId)).toEqual(['req-1', 'eval-7', undefined]);
      expect(isUnbrokenChain(commits)).toBe(true);
      const [first, ...others] = commits;
      expect(isUnbrokenChain([{ ...first!, correlationId: 'req-9' }, ...others])).toBe(false);
    });

    it('carry the hash that the same content always has', async () => {
      await store().append([commit('sealed', 0)]);
      const [stored] = await store().commits('sealed', { afterVersion: 0, limit: 1 });
      expect(stored).toEqual(sealCommit(commit('sealed', 0), '0'.repeat(64)));
    });
  });

  describe('list', () => {
    const enter = async (list: string, sorts: readonly string[]) => {
      for (const sort of sorts)
        await store().append([commit(`${list}/${sort}`, 0, { lists: [{ list, sort }], state: { sort } })]);
    };
    const sorts = async (list: string, page: Partial<Parameters<EventStore['list']>[1]>) => {
      const { items, cursor } = await store().list<{ sort: string }>(list, { limit: 10, ...page });
      return { sorts: items.map(({ state }) => state.sort), cursor };
    };

    it.each(['plain', 'plain#team#flights'])('%s pages through every head once, in order', async (list) => {
      await enter(list, ['b', 'a', 'd', 'e', 'c']);
      const first = await sorts(list, { limit: 2 });
      const second = await sorts(list, { limit: 2, cursor: first.cursor! });
      const third = await sorts(list, { limit: 2, cursor: second.cursor! });
      expect([first.sorts, second.sorts, third.sorts]).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
      expect(third.cursor).toBeUndefined();
    });

    it('gives no cursor when the page ends with the list', async () => {
      await enter('exact', ['a', 'b']);
      expect(await sorts('exact', { limit: 2 })).toEqual({ sorts: ['a', 'b'], cursor: undefined });
    });

    it('keeps its place when heads are added before the cursor', async () => {
      await enter('growing', ['b', 'c', 'd']);
      const { cursor } = await sorts('growing', { limit: 2 });
      await enter('growing', ['a']);
      expect((await sorts('growing', { limit: 2, cursor: cursor! })).sorts).toEqual(['d']);
    });

    it('can be read backwards and by prefix', async () => {
      await enter('mixed', ['1#a', '1#b', '2#a', '2#b', '2#c']);
      const first = await sorts('mixed', { limit: 2, prefix: '2#', descending: true });
      expect(first.sorts).toEqual(['2#c', '2#b']);
      expect((await sorts('mixed', { prefix: '2#', descending: true, cursor: first.cursor! })).sorts).toEqual(['2#a']);
    });

    it('shows the present head only, and only where it is listed now', async () => {
      const lists = (list: string) => [
        { list, sort: 'x' },
        { list: `${list}#model#m`, sort: 'x' },
      ];
      await store().append([commit('moves', 0, { lists: lists('queued') })]);
      await store().append([commit('moves', 1, { lists: lists('ended'), state: { now: 'ended' } })]);
      expect((await store().list('queued', { limit: 10 })).items).toEqual([]);
      expect((await store().list('queued#model#m', { limit: 10 })).items).toEqual([]);
      expect((await store().list('ended#model#m', { limit: 10 })).items).toMatchObject([
        { streamId: 'moves', version: 2, state: { now: 'ended' } },
      ]);
    });

    it.each([
      'nonsense',
      '',
      Buffer.from('["other","a","b"]').toString('base64url'),
      Buffer.from('{}').toString('base64url'),
    ])('refuses the foreign cursor %j', async (cursor) => {
      await expect(store().list('plain', { limit: 1, cursor })).rejects.toMatchObject({
        name: 'InvalidRequest',
        code: 'invalid-cursor',
      });
    });
  });

  describe('rows', () => {
    it('are the latest of every stream of the list, however many partitions it is cut into', async () => {
      const row = (value: unknown) => ({ row: { list: 'rows', value } });
      const ids = Array.from({ length: 12 }, (_, i) => `row#${i}`);
      for (const id of ids) await store().append([commit(id, 0, row({ id, version: 1 }))]);
      await store().append([commit('row#3', 1, row({ id: 'row#3', version: 2 }))]);
      await store().append([commit('row#other', 0, { row: { list: 'others', value: {} } })]);
      await store().append([commit('row#none', 0)]);
      const found = await store().rows<{ id: string; version: number }>('rows');
      expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect(found.find(({ id }) => id === 'row#3')?.version).toBe(2);
    });
  });
}
