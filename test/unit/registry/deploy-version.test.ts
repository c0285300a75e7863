import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelState, ModelVersion } from '../../../shared/domain/registry/model.ts';
import { deployVersion } from '../../../shared/use-cases/registry/deploy-version.ts';
import { ada, addVersion, createWorld, now, type World } from './registry-world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await addVersion(world, 'run-1');
});

const deploy = (version: number, change: { ifMatch?: number } = {}, ports: World = world) =>
  deployVersion(ports, { modelId: 'late-basic', version, actor: ada, reason: 'go', now, ...change });
const model = async () => (await world.events.head<ModelState>('model#late-basic'))!.state;
const status = async (version: number) =>
  (await world.events.head<ModelVersion>(`version#late-basic#${version}`))?.state.status;

describe('the first version', () => {
  it('becomes champion, and serving can read it', async () => {
    expect(await deploy(1)).toEqual({ result: 'champion' });
    expect(await model()).toMatchObject({
      lifecycle: 'active',
      champion: { version: 1, trainingDataEnd: '2001-01-21T23:59:00.000Z' },
    });
    expect(await status(1)).toBe('champion');
    expect(world.routing.read('late-basic')).toMatchObject({
      generation: 1,
      arms: [{ version: 1, weightPercent: 100 }],
    });
  });

  it('is published again when it is deployed again, as after a crash before the publication', async () => {
    const failing = { ...world, routing: { ...world.routing, publish: () => Promise.reject(new Error('killed')) } };
    await expect(deploy(1, {}, failing)).rejects.toThrow('killed');
    expect(world.routing.read('late-basic')).toBeUndefined();
    expect(await deploy(1)).toEqual({ result: 'champion' });
    expect(world.routing.read('late-basic')).toMatchObject({ generation: 1 });
    expect((await world.events.commits('model#late-basic', { afterVersion: 0, limit: 10 })).length).toBe(3);
  });

  it('is not deployed when its artefact is no longer the registered one', async () => {
    await world.artifacts.put('s3://artifacts/run-1/model.json', 'swapped');
    await expect(deploy(1)).rejects.toMatchObject({ name: 'ArtifactUnusable', code: 'digest-mismatch' });
    expect((await model()).champion).toBeUndefined();
  });

  it('is not deployed on a stale If-Match', async () => {
    await expect(deploy(1, { ifMatch: 1 })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await deploy(1, { ifMatch: 2 })).toEqual({ result: 'champion' });
  });

  it('has to be registered', async () => {
    await expect(deploy(2)).rejects.toMatchObject({ name: 'NotFound', code: 'unknown-version' });
  });

  it('is deployed once, however many ask at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => deploy(1)));
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect((await model()).routing?.generation).toBe(1);
  });
});

describe('a later version', () => {
  beforeEach(async () => {
    await deploy(1);
    await addVersion(world, 'run-2');
  });

  it('has to pass a rollout against the champion', async () => {
    expect(await deploy(2)).toEqual({ result: 'rollout', rolloutId: 'late-basic-o1' });
    expect(await model()).toMatchObject({
      lifecycle: 'validating',
      champion: { version: 1 },
      openRollout: { candidate: 2 },
    });
    expect(await status(2)).toBe('candidate');
    expect(world.routing.read('late-basic')).toMatchObject({ arms: [{ version: 1, weightPercent: 100 }] });
  });

  it('opens one rollout, and its workflow is started until it runs', async () => {
    const failing = { ...world, workflows: { ...world.workflows, start: () => Promise.reject(new Error('killed')) } };
    await expect(deploy(2, {}, failing)).rejects.toThrow('killed');
    expect(await deploy(2)).toEqual({ result: 'rollout', rolloutId: 'late-basic-o1' });
    expect([...world.workflows.executions.keys()]).toEqual(['rollOutVersion/late-basic-o1']);
    expect((await model()).rolloutCount).toBe(1);
  });

  it('takes the place of an older candidate that serves nothing yet, and an older one waits', async () => {
    await deploy(2);
    await addVersion(world, 'run-3');
    expect(await deploy(3)).toEqual({ result: 'rollout', rolloutId: 'late-basic-o2' });
    await expect(deploy(2)).rejects.toMatchObject({ name: 'IllegalTransition' });
  });
});
