import { describe, expect, it } from 'vitest';
import type { SearchSnapshot, SearchSnapshots, StoredSearchSnapshot } from '../../shared/ports/search-snapshots.ts';

/** Objects under `search/`, to look at and to spoil. */
export type SnapshotPlace = {
  readonly snapshots: SearchSnapshots;
  keys(): Promise<readonly string[]>;
  spoil(key: string, body: string): Promise<void>;
};

const snapshotAt = (change: number): SearchSnapshot => ({
  change,
  repairs: 0,
  writtenAt: '2001-02-01T00:00:00.000Z',
  documents: 1,
  streams: [{ streamId: 'model#late', entities: [], edges: [] }],
  index: new Uint8Array(50_000).fill(change),
});

const manifestKey = 'search/manifest.json';

const read = (snapshot: StoredSearchSnapshot | undefined) =>
  snapshot && { ...snapshot, index: Uint8Array.from(snapshot.index), streams: [...snapshot.streams.all()] };

/** What every place for snapshots does; `place` is empty at the beginning, and the tests share it in this order. */
export function searchSnapshotsContract(place: () => SnapshotPlace): void {
  describe('snapshots of search', () => {
    it('has none at the beginning', async () => {
      expect(await place().snapshots.manifest()).toBeUndefined();
      expect(await place().snapshots.latest()).toBeUndefined();
    });

    it('gives back the last one that was written, and its manifest names its change', async () => {
      const { snapshots } = place();
      await snapshots.write(snapshotAt(1));
      await snapshots.write(snapshotAt(2));
      expect(read(await snapshots.latest())).toEqual(snapshotAt(2));
      expect(await snapshots.manifest()).toMatchObject({ change: 2, repairs: 0, documents: 1 });
    });

    it('keeps the one before for who is reading it, and no older one', async () => {
      const { snapshots, keys } = place();
      for (const change of [3, 4, 5]) await snapshots.write(snapshotAt(change));
      const changes = (await keys()).filter((key) => key !== manifestKey).map((key) => key.split(/[/-]/)[1]);
      expect(changes.toSorted()).toEqual(['4', '4', '5', '5']);
    });

    it('writes the same snapshot again to no effect', async () => {
      const { snapshots, keys } = place();
      const before = await keys();
      await snapshots.write(snapshotAt(5));
      expect(read(await snapshots.latest())).toEqual(snapshotAt(5));
      expect((await keys()).filter((key) => !before.includes(key))).toEqual([]);
    });

    it('gives none when a file is not what the manifest says', async () => {
      const { snapshots, keys, spoil } = place();
      await snapshots.write(snapshotAt(6));
      const file = (await keys()).find((key) => key.startsWith('search/6-') && key.includes('index')) ?? '';
      await spoil(file, 'not what was written');
      expect(await snapshots.manifest()).toMatchObject({ change: 6 });
      expect(await snapshots.latest()).toBeUndefined();
    });

    it.each(['', 'no JSON', '{}', '{"format":999,"change":1}'])('gives none of a manifest %j', async (text) => {
      const { snapshots, spoil } = place();
      await spoil(manifestKey, text);
      expect(await snapshots.manifest()).toBeUndefined();
      expect(await snapshots.latest()).toBeUndefined();
    });
  });
}
