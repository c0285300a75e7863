import { expect, it } from 'vitest';
import type { Rebuild } from '../../shared/domain/graph/rebuild.ts';
import type { RebuildStore } from '../../shared/ports/rebuild-store.ts';

function rebuild(rebuildId: string, change: Partial<Rebuild> = {}): Rebuild {
  const at = '2001-02-01T00:00:00.000Z';
  const begun = { startedBy: 'ada', startedAt: at, updatedAt: at };
  return { rebuildId, status: 'clearing', ...begun, attempt: 1, models: 0, streams: 0, corrected: 0, ...change };
}

/** What every rebuild store does; `fresh` gives an empty one. */
export function rebuildStoreContract(fresh: () => Promise<RebuildStore>): void {
  it('knows the one that was begun last, with its latest progress', async () => {
    const store = await fresh();
    expect(await store.latest()).toBeUndefined();
    const first = rebuild('first');
    await store.begin(first, undefined);
    await store.put({ ...first, status: 'succeeded', streams: 7 });
    await store.begin(rebuild('second'), first);
    expect(await store.latest()).toEqual(rebuild('second'));
    expect(await store.get('first')).toMatchObject({ status: 'succeeded', streams: 7 });
    expect(await store.get('third')).toBeUndefined();
  });

  it('lets one of two begin', async () => {
    const store = await fresh();
    await store.begin(rebuild('first'), undefined);
    await expect(store.begin(rebuild('second'), undefined)).rejects.toMatchObject({ name: 'VersionConflict' });
    const resumed = rebuild('first', { attempt: 2 });
    await store.begin(resumed, rebuild('first'));
    await expect(store.begin(rebuild('third'), rebuild('first'))).rejects.toMatchObject({ name: 'VersionConflict' });
    expect(await store.latest()).toEqual(resumed);
  });
}
