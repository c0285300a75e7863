import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryScanQueue } from '../../../shared/adapters/memory/memory-scan-queue.ts';
import { minuteMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { createEvaluatedVersions } from '../../../shared/use-cases/health/evaluated-versions.ts';
import { scanModels, scanShard, shardSize } from '../../../shared/use-cases/health/scan-models.ts';
import { change, givenServingModel, registerModel, type World } from './serving-model.ts';

const start = '2001-01-23T00:00:00.000Z';
const minutesLater = (minutes: number) => toInstant(toMillis(start) + minutes * minuteMillis);

let world: World;
let failures: string[];
let queue: ReturnType<typeof createMemoryScanQueue>;
beforeEach(async () => {
  world = await givenServingModel();
  failures = [];
  queue = createMemoryScanQueue();
});

const scan = (now: string, ports: World = world) =>
  scanModels(ports, { now, queue, onFailure: (modelId) => failures.push(modelId) });

async function deployed(...modelIds: readonly string[]): Promise<void> {
  for (const modelId of modelIds) {
    await registerModel(world.events, modelId);
    await change(world.events, modelId, start, [
      { type: 'AddVersion' },
      { type: 'DeployChampion', version: 1, trainingDataEnd: start },
    ]);
  }
}

describe('scanModels', () => {
  it('evaluates every model that serves, page by page', async () => {
    const models = Array.from({ length: 20 }, (_, i) => `late-${String(i).padStart(2, '0')}`);
    await deployed(...models);
    await registerModel(world.events, 'undeployed');
    expect(await scan(start)).toEqual({ evaluated: 21, notDue: 0, handedOver: 0 });
    expect(await world.evaluations.latest('late-19')).toMatchObject({ evaluatedAt: start, kind: 'scheduled' });
    expect(await world.evaluations.latest('undeployed')).toBeUndefined();
  });

  it('leaves a model alone until its interval has passed, within a minute', async () => {
    await scan(start);
    expect(await scan(minutesLater(28))).toEqual({ evaluated: 0, notDue: 1, handedOver: 0 });
    expect(await scan(minutesLater(29))).toEqual({ evaluated: 1, notDue: 0, handedOver: 0 });
  });

  it('passes over retired models', async () => {
    await change(world.events, 'late-test', start, [
      { type: 'Deprecate', reason: 'replaced' },
      { type: 'Retire', reason: 'replaced' },
    ]);
    expect(await scan(start)).toEqual({ evaluated: 0, notDue: 0, handedOver: 0 });
  });

  it('goes on after a model that fails, fails at the end, and has only that one left to do', async () => {
    await deployed('late-a', 'late-b', 'late-c');
    const baselines = {
      ...world.baselines,
      get: (modelId: string, version: number) =>
        modelId === 'late-b' ? Promise.reject(new Error('torn')) : world.baselines.get(modelId, version),
    };
    const versions = createEvaluatedVersions(world.events, baselines);
    await expect(scan(start, { ...world, versions })).rejects.toMatchObject({
      name: 'DependencyUnavailable',
      code: 'scan-incomplete',
      message: '1 of 4 due models could not be evaluated: late-b',
    });
    expect(failures).toEqual(['late-b']);
    const before = await world.evaluations.latest('late-a');
    await scan(start);
    expect(await world.evaluations.latest('late-b')).toMatchObject({ evaluatedAt: start });
    expect(await world.evaluations.latest('late-a')).toEqual(before);
  });
});

describe('a fleet too large for one invocation', () => {
  const models = Array.from({ length: shardSize + 2 }, (_, i) => `late-${String(i).padStart(4, '0')}`);
  const modelRow = {
    name: 'late',
    team: 'flights',
    tier: 1,
    domain: 'flights',
    lifecycle: 'active',
    registeredAt: start,
    evaluationIntervalMinutes: 30,
    minimumCoverageRatio: 0.8,
    isAtRisk: false,
    champion: { version: 1, since: start },
  };
  const crowded = (): World => ({
    ...world,
    // A cast, because a test has no cheaper way to make 500 models than to say so.
    events: { ...world.events, rows: async <R>() => models.map((modelId) => ({ ...modelRow, modelId })) as R[] },
  });
  const observer = { onFailure: (modelId: string) => failures.push(modelId) };

  it('is handed over in shards, each model once', async () => {
    expect(await scan(start, crowded())).toEqual({ evaluated: 0, notDue: 0, handedOver: shardSize + 2 });
    expect(queue.shards.map(({ modelIds }) => modelIds.length)).toEqual([shardSize, 2]);
    expect(queue.shards.flatMap(({ modelIds }) => modelIds)).toEqual(models);
    expect(queue.shards.every(({ now }) => now === start)).toBe(true);
  });

  it('has each shard evaluated once, however often it comes, and not at all when a later tick was faster', async () => {
    const shard = { now: start, modelIds: ['late-test'] };
    expect(await scanShard(world, shard, observer)).toBe(1);
    await scanShard(world, shard, observer);
    expect((await world.evaluations.list('late-test', { limit: 9 })).items).toHaveLength(1);
    await scan(minutesLater(30));
    expect(await scanShard(world, { ...shard, now: minutesLater(5) }, observer)).toBe(0);
    expect(failures).toEqual([]);
  });
});
