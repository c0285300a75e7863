import { describe, expect, it } from 'vitest';
import type { EventStore } from '../../../shared/ports/event-store.ts';
import { createModelDirectory } from '../../../shared/use-cases/ground-truth/model-directory.ts';
import { addVersion, createWorld } from '../registry/registry-world.ts';

/** The registry's own store, telling what is read of it. */
async function world() {
  const registry = await createWorld();
  const reads: string[] = [];
  const events: Pick<EventStore, 'head'> = {
    head: (streamId) => {
      reads.push(streamId);
      return registry.events.head(streamId);
    },
  };
  return { registry, reads, directory: createModelDirectory({ events, baselines: registry.baselines }) };
}

describe('the directory of models', () => {
  it('knows a version with its schema and its baseline', async () => {
    const { registry, directory } = await world();
    await addVersion(registry, 'run-1');
    const model = await directory.find('late-basic', [1]);
    expect(model).toMatchObject({ team: 'flights', taskType: 'binary', buckets: 1, attributionWindowMinutes: 1_440 });
    expect(model?.versions.get(1)).toMatchObject({
      features: [{ name: 'hour' }, { name: 'distance' }],
      baseline: { features: { distance: { kind: 'numeric' } }, scores: { kind: 'numeric' } },
    });
  });

  it('reads each thing once', async () => {
    const { registry, directory, reads } = await world();
    await addVersion(registry, 'run-1');
    await directory.find('late-basic', [1]);
    await directory.find('late-basic', [1, 1]);
    expect(reads).toEqual(['model#late-basic', 'version#late-basic#1']);
  });

  it('looks for no version that was never registered', async () => {
    const { registry, directory, reads } = await world();
    await addVersion(registry, 'run-1');
    const model = await directory.find('late-basic', [0, 1, 1.5, 2, -1, 1e9, Number.NaN]);
    expect([...(model?.versions.keys() ?? [])]).toEqual([1]);
    expect(reads).toEqual(['model#late-basic', 'version#late-basic#1']);
  });

  it('looks again for a version that it did not find', async () => {
    const { registry, directory } = await world();
    await addVersion(registry, 'run-1');
    expect((await directory.find('late-basic', [1, 2]))?.versions.has(2)).toBe(false);
    await addVersion(registry, 'run-2');
    expect([...((await directory.find('late-basic', [2]))?.versions.keys() ?? [])]).toEqual([1, 2]);
  });

  it('does not know a version whose baseline is missing, until it is there', async () => {
    const { registry } = await world();
    await addVersion(registry, 'run-1');
    let isThere = false;
    const directory = createModelDirectory({
      events: registry.events,
      baselines: { get: async (id, version) => (isThere ? registry.baselines.get(id, version) : undefined) },
    });
    expect((await directory.find('late-basic', [1]))?.versions.size).toBe(0);
    isThere = true;
    expect((await directory.find('late-basic', [1]))?.versions.size).toBe(1);
  });

  it('looks again for a model that it did not find', async () => {
    const { directory, reads } = await world();
    expect(await directory.find('early', [1])).toBeUndefined();
    expect(await directory.find('early', [1])).toBeUndefined();
    expect(reads).toEqual(['model#early', 'model#early']);
  });

  it('forgets nothing that another call learns meanwhile', async () => {
    const { registry, directory } = await world();
    await addVersion(registry, 'run-1');
    await addVersion(registry, 'run-2');
    await Promise.all([directory.find('late-basic', [1]), directory.find('late-basic', [2])]);
    expect((await directory.find('late-basic', []))?.versions.size).toBe(2);
  });
});
