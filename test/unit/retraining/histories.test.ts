import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemActor } from '../../../shared/domain/actor.ts';
import { isRunwayError } from '../../../shared/domain/errors.ts';
import type { RetrainState } from '../../../shared/domain/retraining/retrain.ts';
import { retrainsOfModel } from '../../../shared/domain/retraining/retrain-lists.ts';
import { toMillis } from '../../../shared/domain/time.ts';
import { loadSlots } from '../../../shared/use-cases/retraining/change-slots.ts';
import { closeRetrain } from '../../../shared/use-cases/retraining/close-retrain.ts';
import { completeRun } from '../../../shared/use-cases/retraining/complete-run.ts';
import { dispatchRetrains } from '../../../shared/use-cases/retraining/dispatch-retrains.ts';
import { recoverRetrains } from '../../../shared/use-cases/retraining/recover-retrains.ts';
import { requestRetrain } from '../../../shared/use-cases/retraining/request-retrain.ts';
import { requestTraining } from '../../../shared/use-cases/retraining/request-training.ts';
import { Crash, crashing } from './crashes.ts';
import { day, lateBasic } from './flight-models.ts';
import { createWorld, deploy, type World } from './memory-world.ts';

const models = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
const limit = 2;
const actor = systemActor('test');

/** One step of one process; `crashAt` kills it at that call to a port. Steps of a round run at the same time. */
type Step = {
  readonly kind: 'request' | 'dispatch' | 'work' | 'recover';
  readonly model: string;
  readonly crashAt?: number | undefined;
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('request', 'request', 'dispatch', 'dispatch', 'work', 'work', 'recover'),
  model: fc.constantFrom(...models),
  crashAt: fc.option(fc.nat(8), { freq: 3, nil: undefined }),
});
const history = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 25 });

async function run(world: World, { kind, model, crashAt }: Step, hours: number): Promise<void> {
  const now = day(1 + hours / 24);
  const ports = crashAt === undefined ? world : crashing(world, crashAt, crashAt % 2 === 0 ? 'before' : 'after');
  try {
    if (kind === 'request') await requestRetrain(ports.events, { modelId: model, reason: 'now', actor, now });
    else if (kind === 'dispatch')
      await dispatchRetrains(
        { events: ports.events, workflows: ports.workflows, limits: { overall: limit, perTeam: limit } },
        now,
      );
    else if (kind === 'recover') await recoverRetrains(ports, now);
    else await work(ports, model, now);
  } catch (error) {
    if (!(error instanceof Crash) && !isRunwayError(error)) throw error;
  }
}

/** What workflow and trainer do for a model: ask, answer, close. Any of it may be repeated or come out of turn. */
async function work(ports: World, modelId: string, now: string): Promise<void> {
  const { retrainCount } = await ports.model(modelId);
  const retrainId = `${modelId}-r${retrainCount}`;
  // Without a workflow nobody works; a dispatcher may have died before it started one.
  if (!ports.workflows.executions.has(`retrainModel/${retrainId}`)) return;
  await requestTraining(ports, { retrainId, taskToken: `token-of-${retrainId}`, now });
  await completeRun(ports, {
    runId: `${retrainId}-a1`,
    completion: { status: 'failed', error: 'no data' },
    actor,
    now,
  });
  await closeRetrain(ports.events, { retrainId, now });
}

async function retrainsOf(world: World, modelId: string): Promise<readonly RetrainState[]> {
  return (await world.events.list<RetrainState>(retrainsOfModel(modelId), { limit: 100 })).items.map(
    ({ state }) => state,
  );
}

async function check(world: World): Promise<void> {
  const { active } = (await loadSlots(world.events)).state;
  expect(active.length).toBeLessThanOrEqual(limit);
  const all = (await Promise.all(models.map((modelId) => retrainsOf(world, modelId)))).flat();
  expect(
    all
      .filter(({ status }) => status === 'running')
      .map(({ retrainId }) => retrainId)
      .toSorted(),
  ).toEqual([...active].toSorted());
  for (const modelId of models) {
    const model = await world.model(modelId);
    const open = all.filter((retrain) => retrain.modelId === modelId && retrain.endedAt === undefined);
    expect(open.map(({ retrainId }) => retrainId)).toEqual(
      model.openRetrain === undefined ? [] : [model.openRetrain.retrainId],
    );
    expect(all.filter((retrain) => retrain.modelId === modelId)).toHaveLength(model.retrainCount);
  }
}

describe('any history of requests, dispatchers, trainers and crashes', () => {
  it('keeps the limit, loses no retrain and ends each exactly once', async () => {
    let ended = 0;
    await fc.assert(
      fc.asyncProperty(history, async (rounds) => {
        const world = createWorld();
        for (const name of models) await deploy(world, { definition: { ...lateBasic, name } });
        for (const [index, round] of rounds.entries()) {
          await Promise.all(round.map((next) => run(world, next, index)));
          await check(world);
        }
        ended += await finish(world);
      }),
      { seed: 50, numRuns: 60 },
    );
    expect(ended).toBeGreaterThan(100);
  });

  /** Without further crashes everything queued is started, answered and closed; gives how many retrains there were. */
  async function finish(world: World): Promise<number> {
    const now = day(20);
    for (let round = 0; round < models.length; round += 1) {
      await dispatchRetrains({ ...world, limits: { overall: limit, perTeam: limit } }, now);
      await recoverRetrains(world, now);
      for (const modelId of models)
        if ((await world.model(modelId)).openRetrain) await run(world, { kind: 'work', model: modelId }, 500);
      await check(world);
    }
    const all = (await Promise.all(models.map((modelId) => retrainsOf(world, modelId)))).flat();
    expect(all.filter(({ status }) => status !== 'failed')).toEqual([]);
    for (const { retrainId, startedAt, endedAt } of all) {
      const commits = await world.events.commits(`retrain#${retrainId}`, { afterVersion: 0, limit: 100 });
      const ends = commits.flatMap(({ events }) =>
        events.filter(({ type }) => ['RetrainSucceeded', 'RetrainFailed', 'RetrainCancelled'].includes(type)),
      );
      expect(ends).toHaveLength(1);
      expect(toMillis(endedAt ?? '')).toBeGreaterThanOrEqual(toMillis(startedAt ?? ''));
      // A start that was lost for longer than a training may take is not made up for: the retrain is closed.
      const isOverdue = commits.at(-1)?.reason.startsWith('RetrainOverdue') ?? false;
      expect(isOverdue || world.workflows.executions.has(`retrainModel/${retrainId}`)).toBe(true);
    }
    return all.length;
  }
});
