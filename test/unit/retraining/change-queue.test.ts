import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../shared/domain/actor.ts';
import { toInstant, toMillis } from '../../../shared/domain/time.ts';
import { cancelRetrain } from '../../../shared/use-cases/retraining/cancel-retrain.ts';
import { bumpRetrain, holdRetrain, releaseRetrain } from '../../../shared/use-cases/retraining/change-queue.ts';
import { loadSlots } from '../../../shared/use-cases/retraining/change-slots.ts';
import { closeRetrain } from '../../../shared/use-cases/retraining/close-retrain.ts';
import { completeRun } from '../../../shared/use-cases/retraining/complete-run.ts';
import { dispatchRetrains } from '../../../shared/use-cases/retraining/dispatch-retrains.ts';
import { requestRetrain } from '../../../shared/use-cases/retraining/request-retrain.ts';
import { requestTraining } from '../../../shared/use-cases/retraining/request-training.ts';
import { listQueue } from '../../../shared/use-cases/retraining/view-retrains.ts';
import { crashEverywhere } from './crashes.ts';
import { day, lateBasic } from './flight-models.ts';
import { createWorld, deploy, type World } from './memory-world.ts';

const ada: Actor = { id: 'ada', kind: 'person', roles: ['editor:punctuality'], teams: ['punctuality'] };
const models = ['late-basic', 'late-live', 'late-page'];
const limits = { overall: 1, perTeam: 10 };

let world: World;
beforeEach(async () => {
  world = createWorld();
  await givenQueue(world);
});

/** Three models wait, in this order. */
async function givenQueue(target: World): Promise<void> {
  for (const [minute, name] of models.entries()) {
    await deploy(target, { definition: { ...lateBasic, name } });
    const now = toInstant(toMillis(day(3)) + minute * 60_000);
    await requestRetrain(target.events, { modelId: name, reason: 'new airports', actor: ada, now });
  }
}

const about = (modelId: string) => ({ retrainId: `${modelId}-r1`, reason: 'repairs', actor: ada, now: day(3.1) });
const dispatch = () => dispatchRetrains({ ...world, limits }, day(3.1));
async function positions(): Promise<readonly unknown[]> {
  const { items } = await listQueue(world.events, 'queued', { limit: 10, limits, now: day(3.1) });
  return items
    .toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
    .map(({ modelId, estimatedStartAt }) => [modelId, estimatedStartAt !== undefined]);
}

describe('a held retrain', () => {
  it('starts only when it is released, and others start meanwhile', async () => {
    await holdRetrain(world.events, about('late-basic'));
    expect(await dispatch()).toEqual(['late-live-r1']);
    await cancelRetrain(world, about('late-live'));
    await releaseRetrain(world.events, about('late-basic'));
    expect(await dispatch()).toEqual(['late-basic-r1']);
  });

  it('keeps its place, without an estimate, and says who holds it', async () => {
    await holdRetrain(world.events, about('late-basic'));
    expect(await positions()).toEqual([
      ['late-basic', false],
      ['late-live', true],
      ['late-page', true],
    ]);
    expect((await world.retrain()).hold).toEqual({ by: 'ada', reason: 'repairs', since: day(3.1) });
  });
});

describe('a bumped retrain', () => {
  it('goes before those of its tier', async () => {
    await bumpRetrain(world.events, { ...about('late-page'), bump: 1 });
    expect((await positions()).map((place) => Object(place)[0])).toEqual(['late-page', 'late-basic', 'late-live']);
    expect(await dispatch()).toEqual(['late-page-r1']);
  });
});

describe('a cancelled retrain', () => {
  it('gives its model back and leaves the queue', async () => {
    await cancelRetrain(world, about('late-basic'));
    expect(await world.retrain()).toMatchObject({ status: 'cancelled', failure: 'repairs' });
    expect(await world.model()).toMatchObject({ lifecycle: 'active' });
    expect((await world.model()).openRetrain).toBeUndefined();
    expect(await dispatch()).toEqual(['late-live-r1']);
  });

  it('gives its slot back, and neither trainer nor workflow can end it again', async () => {
    await dispatch();
    await requestTraining(world, { retrainId: 'late-basic-r1', taskToken: 't1', now: day(3.1) });
    await cancelRetrain(world, about('late-basic'));
    expect(world.workflows.answers).toMatchObject([{ taskToken: 't1', error: 'RetrainCancelled' }]);
    expect((await loadSlots(world.events)).state.active).toEqual([]);
    const completion = { status: 'failed', error: 'no data' } as const;
    const late = completeRun(world, { runId: 'late-basic-r1-a1', completion, actor: ada, now: day(3.2) });
    await expect(late).rejects.toMatchObject({ name: 'IllegalTransition' });
    expect(await closeRetrain(world.events, { retrainId: 'late-basic-r1', now: day(3.2) })).toEqual({
      result: 'failed',
      rolloutId: null,
    });
    expect((await world.retrain()).status).toBe('cancelled');
  });

  it('ends once wherever the process dies', async () => {
    const places = await crashEverywhere(
      async () => {
        world = createWorld();
        await givenQueue(world);
        await dispatch();
        await requestTraining(world, { retrainId: 'late-basic-r1', taskToken: 't1', now: day(3.1) });
        return world;
      },
      (ports) => cancelRetrain(ports, about('late-basic')),
      async (after) => {
        expect((await after.retrain()).status).toBe('cancelled');
        expect((await after.model()).openRetrain).toBeUndefined();
        expect((await loadSlots(after.events)).state.active).toEqual([]);
      },
    );
    expect(places).toBeGreaterThan(4);
  });
});
