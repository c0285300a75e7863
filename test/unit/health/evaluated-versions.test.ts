import { expect, it } from 'vitest';
import { createEvaluatedVersions } from '../../../shared/use-cases/health/evaluated-versions.ts';
import { addVersion, createWorld } from '../registry/registry-world.ts';

/** Two features without blocks: three counts a version. */
async function versionsWithin(maximumCounts: number) {
  const world = await createWorld();
  for (const run of ['run-1', 'run-2', 'run-3']) await addVersion(world, run);
  const read: number[] = [];
  const baselines = {
    ...world.baselines,
    get: (modelId: string, version: number) => {
      read.push(version);
      return world.baselines.get(modelId, version);
    },
  };
  const versions = createEvaluatedVersions(
    world.events,
    baselines,
    maximumCounts === undefined ? {} : { maximumCounts },
  );
  return { read, find: (version: number) => versions.find('late-basic', version) };
}

it('a version is read once', async () => {
  const { read, find } = await versionsWithin(100);
  for (const version of [1, 2, 1, 3, 2]) expect((await find(version)).baseline).toMatchObject({ version });
  expect(read).toEqual([1, 2, 3]);
});

it('the versions that were used last are kept, as many as there is room for', async () => {
  const { read, find } = await versionsWithin(6);
  for (const version of [1, 2, 1, 3, 1, 2]) await find(version);
  expect(read).toEqual([1, 2, 3, 2]);
});

it('a version that is not there yet is read again', async () => {
  const { read, find } = await versionsWithin(6);
  for (const version of [4, 4]) expect(await find(version)).toMatchObject({ features: undefined, baseline: undefined });
  expect(read).toEqual([4, 4]);
});
