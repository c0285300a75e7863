import { describe, expect, it } from 'vitest';
import { declareEdges, emptyContribution } from '../../shared/domain/graph/contribution.ts';
import { modelUri } from '../../shared/domain/graph/entities.ts';
import { contributionId } from '../../shared/domain/graph/provider-contribution.ts';
import {
  type ContributionWrite,
  contributionParts,
  type GraphStore,
  maximumWritesAtOnce,
  type ProviderWrite,
} from '../../shared/ports/graph-store.ts';

const now = '2001-02-01T00:00:00.000Z';

/** A model that consumes so many others. */
export function contributionOf(modelId: string, count: number) {
  const from = modelUri(modelId);
  const edges = Array.from({ length: count }, (_, i) => ({ from, type: 'consumes' as const, to: modelUri(`m${i}`) }));
  return declareEdges(emptyContribution, () => false, edges, now);
}

function write(streamId: string, change: Partial<ContributionWrite> = {}): ContributionWrite {
  const contribution = contributionOf(streamId, 2);
  return {
    streamId,
    version: 1,
    appliedVersion: 0,
    contribution,
    expectedRevision: 0,
    isChanged: true,
    now,
    ...change,
  };
}

/** What every graph store does; `store` gives the one under test, which the tests share. */
export function graphStoreContract(store: () => GraphStore): void {
  describe('put', () => {
    it('keeps the contribution with its version, which of it was applied, and the number of its change', async () => {
      const given = write('kept');
      await store().put(given);
      const { change } = await store().all();
      expect(await store().get('kept')).toEqual({
        streamId: 'kept',
        version: 1,
        appliedVersion: 0,
        change,
        revision: 1,
        contribution: given.contribution,
      });
    });

    it('refuses who has read another revision, and then changes nothing', async () => {
      await store().put(write('raced'));
      const before = await store().all();
      for (const expectedRevision of [0, 2])
        await expect(store().put(write('raced', { version: 2, expectedRevision }))).rejects.toMatchObject({
          name: 'VersionConflict',
        });
      expect(await store().all()).toEqual(before);
    });

    it('says nothing in the log when only the version moved', async () => {
      await store().put(write('moved'));
      const { change } = await store().all();
      await store().put(write('moved', { version: 2, expectedRevision: 1, isChanged: false }));
      expect(await store().changesAfter(change)).toEqual([]);
      expect(await store().get('moved')).toMatchObject({ version: 2, revision: 2, change });
    });

    it('lets one of two win who write at once, and numbers both streams when they differ', async () => {
      const { change } = await store().all();
      const same = await Promise.allSettled([store().put(write('at-once')), store().put(write('at-once'))]);
      expect(same.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      await Promise.all(['one', 'two', 'three'].map((streamId) => store().put(write(streamId))));
      const numbers = (await store().changesAfter(change))?.map((each) => each.change);
      expect(numbers).toEqual([1, 2, 3, 4].map((i) => change + i));
    });

    it('holds what a model of hundreds of features says', async () => {
      const contribution = contributionOf('wide', 1_200);
      await store().put(write('wide', { contribution }));
      expect((await store().get('wide'))?.contribution).toEqual(contribution);
    });
  });

  describe('putMany', () => {
    const subjects = ['many-1', 'many-2', 'many-3'].map(modelUri);
    const writes = (expectedRevision: number, count = 2): readonly ProviderWrite[] =>
      subjects.map((subject) => ({
        streamId: contributionId('dbt', subject),
        contribution: contributionOf(subject.slice('aip://model/registry/'.length), count),
        expectedRevision,
      }));

    it('writes all of them as one change', async () => {
      const { change } = await store().all();
      await store().putMany(writes(0), now);
      const changes = await store().changesAfter(change);
      const contributions = writes(0).map(({ streamId, contribution }) => ({ streamId, contribution }));
      expect(changes).toEqual([{ change: change + 1, contributions }]);
      const stored = await store().getMany([...writes(0).map(({ streamId }) => streamId), 'nobody']);
      expect(stored.map(({ streamId }) => streamId).toSorted()).toEqual(writes(0).map(({ streamId }) => streamId));
      expect(stored[0]).toMatchObject({ revision: 1, version: 1, change: change + 1 });
    });

    it('writes none of them when one was written since', async () => {
      const before = await store().all();
      const raced = writes(1, 3).map((write, index) => (index === 1 ? { ...write, expectedRevision: 0 } : write));
      await expect(store().putMany(raced, now)).rejects.toMatchObject({ name: 'VersionConflict' });
      expect(await store().all()).toEqual(before);
    });

    it('gives what every provider says of an entity, and of no entity that begins alike', async () => {
      const subject = modelUri('about');
      const about = (provider: string, uri: string): ProviderWrite => ({
        streamId: contributionId(provider, uri),
        contribution: contributionOf('about', 1),
        expectedRevision: 0,
      });
      await store().putMany([about('dbt', subject), about('mlflow', subject), about('dbt', `${subject}-2`)], now);
      const streams = (await store().about(subject)).map(({ streamId }) => streamId);
      expect(streams.toSorted()).toEqual([`${subject} dbt`, `${subject} mlflow`]);
    });

    it('tells which subjects a provider speaks of, a page at a time', async () => {
      const subjects = Array.from({ length: 20 }, (_, index) => modelUri(`spoken-of-${index}`));
      const writes = subjects.flatMap((uri) =>
        ['glossary', 'glossary-2'].map((provider) => ({
          streamId: contributionId(provider, uri),
          contribution: contributionOf('spoken-of', 1),
          expectedRevision: 0,
        })),
      );
      await store().putMany(writes, now);
      const found: string[] = [];
      for (let page = 0; ; page += 1) {
        const some = await store().subjectsOf('glossary', page);
        if (some === undefined) break;
        found.push(...some);
      }
      expect(found.toSorted()).toEqual(subjects.toSorted());
    });

    it('writes as many at once as it says', async () => {
      const all = Array.from({ length: maximumWritesAtOnce }, (_, index) => ({
        streamId: contributionId('wide', modelUri(`wide-${index}`)),
        contribution: contributionOf(`wide-${index}`, 2),
        expectedRevision: 0,
      }));
      await store().putMany(all, now);
      expect(await store().getMany(all.map(({ streamId }) => streamId))).toHaveLength(maximumWritesAtOnce);
    });
  });

  describe('the log', () => {
    it('gives changes after a number, oldest first, with the whole contribution', async () => {
      const { change } = await store().all();
      await store().put(write('logged'));
      const contribution = contributionOf('logged', 3);
      await store().put(write('logged', { version: 2, expectedRevision: 1, contribution }));
      const changes = await store().changesAfter(change);
      expect(changes?.map((each) => [each.change - change, each.contributions[0]?.streamId])).toEqual([
        [1, 'logged'],
        [2, 'logged'],
      ]);
      expect(changes?.at(-1)?.contributions).toEqual([{ streamId: 'logged', contribution }]);
      expect(await store().changesAfter(change + 2)).toEqual([]);
    });
  });

  describe('markApplied', () => {
    it('only moves forward, and not for a stream that is unknown', async () => {
      await store().put(write('applied', { version: 5 }));
      for (const version of [3, 5, 4]) await store().markApplied('applied', version);
      expect(await store().get('applied')).toMatchObject({ version: 5, appliedVersion: 5 });
      await store().markApplied('never', 1);
      expect(await store().get('never')).toBeUndefined();
    });
  });

  describe('all', () => {
    it('holds every stream once, with what was written last', async () => {
      await store().put(write('all-1'));
      await store().put(write('all-1', { version: 2, expectedRevision: 1 }));
      await store().put(write('all-2'));
      const { contributions } = await store().all();
      const found = contributions.filter(({ streamId }) => streamId.startsWith('all-'));
      expect(found.map(({ streamId, version }) => `${streamId} ${version}`).toSorted()).toEqual(['all-1 2', 'all-2 1']);
    });
  });

  describe('part', () => {
    it('holds every stream in exactly one of them', async () => {
      for (const name of ['part-1', 'part-22', 'part-333']) await store().put(write(name));
      const parts = await Promise.all(Array.from({ length: contributionParts }, (_, number) => store().part(number)));
      const found = parts.flat().map(({ streamId }) => streamId);
      expect(found.filter((streamId) => streamId.startsWith('part-')).toSorted()).toEqual([
        'part-1',
        'part-22',
        'part-333',
      ]);
      expect(found.length).toBe((await store().all()).contributions.length);
    });
  });
}
