import { expect, it } from 'vitest';
import type { SnapshotStore } from '../../shared/ports/snapshot-store.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const writtenAt = '2001-02-01T00:00:00.000Z';

/** What every snapshot store does; `empty` gives one that holds nothing. */
export function snapshotStoreContract(empty: () => Promise<SnapshotStore>): void {
  it('has no manifest at first', async () => {
    expect(await (await empty()).manifest()).toBeUndefined();
  });

  it('gives back what was written, and names what was published last', async () => {
    const store = await empty();
    const first = await store.write(9, bytes('nine'));
    const second = await store.write(10, bytes('ten'));
    await store.publish({ key: first, change: 9, bytes: 4, writtenAt });
    await store.publish({ key: second, change: 10, bytes: 3, writtenAt });
    expect(await store.manifest()).toEqual({ key: second, change: 10, bytes: 3, writtenAt });
    expect([...(await store.read(first))!]).toEqual([...bytes('nine')]);
    expect([...(await store.read(second))!]).toEqual([...bytes('ten')]);
  });

  it('writes the same twice as one, and what differs apart', async () => {
    const store = await empty();
    const key = await store.write(9, bytes('nine'));
    expect(await store.write(9, bytes('nine'))).toBe(key);
    expect(await store.write(9, bytes('neuf'))).not.toBe(key);
  });

  it('deletes what is older than the newest, and nothing that is spared or gone', async () => {
    const store = await empty();
    const keys: string[] = [];
    for (const change of [2, 9, 10, 100]) keys.push(await store.write(change, bytes(String(change))));
    await store.keepNewest(2, [keys[0]!]);
    const left = await Promise.all(keys.map(async (key) => (await store.read(key)) !== undefined));
    expect(left).toEqual([true, false, true, true]);
    await store.keepNewest(2, []);
    expect(await store.read(keys[0]!)).toBeUndefined();
  });
}
