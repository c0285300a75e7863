import { beforeEach, expect, it } from 'vitest';
import { featureUri, modelUri } from '../../../shared/domain/graph/entities.ts';
import { findingsOf } from '../../../shared/domain/notifications/notifying-events.ts';
import { dependencyChangeSchema } from '../../../shared/domain/retraining/external-dependency-change.ts';
import { loadModel } from '../../../shared/use-cases/registry/change-model.ts';
import { reportDependencyChange } from '../../../shared/use-cases/retraining/report-dependency-change.ts';
import { deployAll, graphOf, hours } from './cascading.ts';
import { crashEverywhere } from './crashes.ts';
import { lateBasic } from './flight-models.ts';
import { createWorld, type World } from './memory-world.ts';

const feature = featureUri(lateBasic.domain, lateBasic.features[0]!.name);
const gone = {
  uri: feature,
  change: 'deprecation',
  reason: 'replaced',
  source: 'feature-store',
  eventId: 'e1',
} as const;
const chain = { 'late-basic': {}, 'late-live': { after: ['late-basic'] } };

let world: World;
beforeEach(async () => {
  world = createWorld();
  await deployAll(world, chain);
});

const report = (of: World, change: Parameters<typeof reportDependencyChange>[1] = gone) =>
  reportDependencyChange({ events: of.events, graph: () => graphOf(of) }, change, hours(1));
const known = async (modelId: string, of = world) =>
  (await loadModel(of.events, modelId)).state.dependencyChanges ?? [];

it('every model that depends on it is told, with the way to it, and once however often it is told', async () => {
  const change = { ...gone, uri: modelUri('late-basic') };
  expect(await report(world, change)).toEqual(['late-live']);
  expect(await report(world, change)).toEqual([]);
  expect(await known('late-live')).toMatchObject([
    { changeId: 'feature-store#e1', change: 'deprecation', path: [modelUri('late-basic'), modelUri('late-live')] },
  ]);
});

it('who reads a feature is told of it, directly or through others', async () => {
  expect(await report(world)).toEqual(['late-basic', 'late-live']);
});

it('nobody is told of what nothing depends on', async () => {
  expect(await report(world, { ...gone, uri: 'aip://dataset/dbt/orders' })).toEqual([]);
});

it('owners are informed, and nobody is woken', async () => {
  await report(world);
  const commits = await world.events.commits('model#late-live', { afterVersion: 0, limit: 100 });
  const event = commits.flatMap(({ events }) => events).find(({ type }) => type === 'DependencyChanged')!;
  expect(findingsOf({ streamId: 'model#late-live', reason: gone.reason, event: { ...event } })).toEqual([
    {
      state: 'breach',
      cause: 'upstream',
      severity: 'inform',
      title: 'late-live: something upstream changes',
      detail: `${feature} (deprecation): replaced`,
    },
  ]);
});

it('a crash at any await leaves nobody untold once it is reported again, and nobody told twice', async () => {
  const places = await crashEverywhere(
    async () => {
      const fresh = createWorld();
      await deployAll(fresh, chain);
      return fresh;
    },
    (of) => report(of),
    async (of) => {
      for (const modelId of Object.keys(chain)) expect(await known(modelId, of)).toHaveLength(1);
    },
  );
  expect(places).toBeGreaterThan(3);
});

it.each([
  { uri: 'orders', change: 'deprecation', reason: 'x' },
  { uri: feature, change: 'renamed', reason: 'x' },
  { uri: feature, change: 'deprecation', reason: '' },
])('an event that says %j is refused', (detail) => {
  expect(dependencyChangeSchema.safeParse(detail).success).toBe(false);
});
