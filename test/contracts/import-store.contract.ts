import { describe, expect, it } from 'vitest';
import type { GraphImport } from '../../shared/domain/graph/import/graph-import.ts';
import type { ImportStore, ProviderImports } from '../../shared/ports/import-store.ts';

const at = '2001-02-01T00:00:00.000Z';
const counts = { parts: 0, groups: 0, done: 0, pages: 0, lines: 0, entities: 0, edges: 0, rejected: 0, errors: [] };
const begun = { mode: 'full', status: 'open', startedBy: 'ada', startedAt: at, updatedAt: at, attempt: 1 } as const;
const importOf = (provider: string, change: Partial<GraphImport> = {}): GraphImport => ({
  importId: `${provider}-i1`,
  provider,
  ...begun,
  ...counts,
  changed: 0,
  same: 0,
  retired: 0,
  revision: 1,
  ...change,
});
const first = (provider: string): ProviderImports => ({ provider, count: 1, revision: 1 });
const conflict = { name: 'VersionConflict' };

/** What every store of imports does; each test has a provider of its own. */
export function importStoreContract(store: () => ImportStore): void {
  describe('an import and its provider', () => {
    it('are written together, or neither', async () => {
      await store().putBoth(importOf('both'), first('both'));
      expect(await store().get('both-i1')).toEqual(importOf('both'));
      expect(await store().provider('both')).toEqual(first('both'));
      const second = importOf('both', { importId: 'both-i2' });
      await expect(store().putBoth(second, first('both'))).rejects.toMatchObject(conflict);
      expect(await store().get('both-i2')).toBeUndefined();
      await store().putBoth(second, { ...first('both'), count: 2, holder: 'both-i2', revision: 2 });
      expect(await store().provider('both')).toMatchObject({ count: 2, holder: 'both-i2' });
    });

    it('are unknown until then', async () => {
      expect(await store().get('never-i1')).toBeUndefined();
      expect(await store().provider('never')).toBeUndefined();
      expect(await store().parts('never-i1')).toEqual([]);
    });
  });

  it('lets one of two move on', async () => {
    await store().putBoth(importOf('moves'), first('moves'));
    await store().put(importOf('moves', { status: 'splitting', revision: 2 }));
    await expect(store().put(importOf('moves', { status: 'failed', revision: 2 }))).rejects.toMatchObject(conflict);
    await expect(store().put(importOf('moves', { revision: 9 }))).rejects.toMatchObject(conflict);
    expect(await store().get('moves-i1')).toMatchObject({ status: 'splitting', revision: 2 });
  });

  it('gives parts by number, each as it was put last', async () => {
    for (const [part, bytes] of [
      [10, 1],
      [2, 5],
      [1, 3],
      [2, 7],
    ] as const)
      await store().putPart('parts-i1', { part, bytes });
    await store().putPart('parts-i10', { part: 4, bytes: 4 });
    expect(await store().parts('parts-i1')).toEqual([
      { part: 1, bytes: 3 },
      { part: 2, bytes: 7 },
      { part: 10, bytes: 1 },
    ]);
  });
}
