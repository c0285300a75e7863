import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { ModelVersion } from '../../../shared/domain/registry/model.ts';
import { retrainsOfStatus } from '../../../shared/domain/retraining/retrain-lists.ts';
import { versionStream } from '../../../shared/domain/stream-ids.ts';
import { hourMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { loadSlots } from '../../../shared/use-cases/retraining/change-slots.ts';
import { closeRetrain } from '../../../shared/use-cases/retraining/close-retrain.ts';
import { completeRun } from '../../../shared/use-cases/retraining/complete-run.ts';
import { decideAllRetrains, decideRetrain } from '../../../shared/use-cases/retraining/decide-retrains.ts';
import { dispatchRetrains } from '../../../shared/use-cases/retraining/dispatch-retrains.ts';
import { recoverRetrains } from '../../../shared/use-cases/retraining/recover-retrains.ts';
import { requestRetrain } from '../../../shared/use-cases/retraining/request-retrain.ts';
import { requestTraining } from '../../../shared/use-cases/retraining/request-training.ts';
import { listQueue, listRetrains, viewRetrain } from '../../../shared/use-cases/retraining/view-retrains.ts';
import { crashEverywhere } from './crashes.ts';
import { breach, day, evaluationOf, lateBasic, policyWith, signal } from './flight-models.ts';
import { addVersion, command, createWorld, deploy, type World } from './memory-world.ts';

const ada: Actor = { id: 'ada', kind: 'person', roles: ['editor:punctuality'], teams: ['punctuality'] };
const trainer: Actor = { id: 'trainer', kind: 'service', roles: ['trainer:punctuality'], teams: ['punctuality'] };
const runId = 'late-basic-r1-a1';
const holdoutUri = 's3://artifacts/late-basic/holdout.ndjson';

let world: World;
beforeEach(async () => {
  world = createWorld();
  await deploy(world);
});

const ask = (reason = 'new airports', now = day(3)) =>
  requestRetrain(world.events, { modelId: 'late-basic', reason, actor: ada, now });
const dispatch = (now = day(3), limit = 50) =>
  dispatchRetrains({ ...world, limits: { overall: limit, perTeam: limit } }, now);
const askTrainer = (taskToken = 't1') => requestTraining(world, { retrainId: 'late-basic-r1', taskToken, now: day(3) });

/** A run that a trainer works on, with version 2 and the hold-out in place; gives the completion it would send. */
async function givenTraining(target = world) {
  await requestRetrain(target.events, { modelId: 'late-basic', reason: 'new airports', actor: ada, now: day(3) });
  await dispatchRetrains({ ...target, limits: { overall: 50, perTeam: 50 } }, day(3));
  await requestTraining(target, { retrainId: 'late-basic-r1', taskToken: 't1', now: day(3) });
  const modelVersion = await addVersion(target, { trainingRun: runId, trainingDataEnd: day(2) });
  return {
    status: 'succeeded',
    modelVersion,
    holdout: { uri: holdoutUri, digest: target.put(holdoutUri, 'rows') },
  } as const;
}

describe('requesting a retrain by hand', () => {
  it('opens one, whatever the cooldown says', async () => {
    const retrain = await ask();
    expect(retrain).toMatchObject({
      retrainId: 'late-basic-r1',
      runId,
      status: 'queued',
      team: 'punctuality',
      tier: 2,
    });
    expect(retrain.triggers).toMatchObject([
      { cause: 'manual', reason: 'new airports', inputs: { requestedBy: 'ada', championVersion: 1 } },
    ]);
    expect(await world.model()).toMatchObject({
      lifecycle: 'retraining',
      openRetrain: { retrainId: 'late-basic-r1' },
      lastRetrainRequestedAt: day(3),
    });
  });

  it('joins the open one', async () => {
    await world.evaluations.put(evaluationOf([breach('dataDrift')], day(3)));
    await decideRetrain(world, 'late-basic', day(3));
    const retrain = await ask('I want it too');
    expect(retrain.retrainId).toBe('late-basic-r1');
    expect(retrain.triggers.map(({ cause }) => cause)).toEqual(['drift', 'manual']);
    expect((await world.model()).openRetrain?.causes).toEqual(['drift', 'manual']);
    expect((await ask('again')).triggers).toHaveLength(2);
  });

  it('is refused while nothing is deployed, and for an unknown model', async () => {
    const fresh = createWorld();
    await command(fresh, 'late-basic', { type: 'RegisterModel', definition: lateBasic, policy: policyWith() });
    const of = (modelId: string) => requestRetrain(fresh.events, { modelId, reason: 'now', actor: ada, now: day(3) });
    await expect(of('late-basic')).rejects.toMatchObject({ name: 'IllegalTransition' });
    await expect(of('late-live')).rejects.toMatchObject({ code: 'unknown-model' });
  });
});

describe('deciding', () => {
  it('queues a retrain with what it rested on', async () => {
    await world.evaluations.put(evaluationOf([breach('performance')], day(3)));
    expect(await decideRetrain(world, 'late-basic', day(3))).toEqual({ retrainId: 'late-basic-r1' });
    expect(await world.retrain()).toMatchObject({
      status: 'queued',
      stalenessScore: 0.8,
      triggers: [{ cause: 'performance', evaluationId: `late-basic-${day(3)}` }],
    });
  });

  it('does nothing the second time', async () => {
    await world.evaluations.put(evaluationOf([breach('performance')], day(3)));
    await decideRetrain(world, 'late-basic', day(3));
    expect(await decideRetrain(world, 'late-basic', day(3))).toEqual({ hold: 'retrain late-basic-r1 is open' });
  });

  it('says why it holds', async () => {
    await world.evaluations.put(evaluationOf([signal('performance')], day(3)));
    expect(await decideRetrain(world, 'late-basic', day(3))).toEqual({ hold: expect.stringContaining('no signal') });
  });

  it('opens one retrain when two decide at once', async () => {
    await world.evaluations.put(evaluationOf([breach('performance')], day(3)));
    const both = await Promise.all([
      decideRetrain(world, 'late-basic', day(3)),
      decideRetrain(world, 'late-basic', day(3)),
    ]);
    expect(both).toContainEqual({ retrainId: 'late-basic-r1' });
    expect(await world.model()).toMatchObject({ retrainCount: 1 });
    expect((await world.retrain()).triggers).toHaveLength(1);
  });

  it('keeps a record of what is new, and none of what is as it was', async () => {
    const records = () => world.events.commits('decisions#late-basic', { afterVersion: 0, limit: 10 });
    await world.evaluations.put(evaluationOf([signal('performance')], day(3)));
    await decideRetrain(world, 'late-basic', day(3));
    await decideRetrain(world, 'late-basic', day(3.01));
    expect(await records()).toMatchObject([{ reason: expect.stringMatching(/^not retrained because no signal/) }]);
    await world.evaluations.put(evaluationOf([breach('performance')], day(3.02)));
    await decideRetrain(world, 'late-basic', day(3.02));
    await decideRetrain(world, 'late-basic', day(3.02));
    expect((await records()).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^not retrained/),
      'retrained because performance is in breach (rule on-performance)',
      'held because retrain late-basic-r1 is open; rule on-performance asks for a retrain',
    ]);
    expect((await world.retrain()).triggers).toMatchObject([
      { inputs: { decisionId: expect.stringContaining(`late-basic-d-${day(3.02)}-`) } },
    ]);
  });

  it('proposes deprecation where a rule says so, once', async () => {
    const old = {
      name: 'old',
      when: 'model.trainingDataAgeDays > 2.0',
      then: 'propose-deprecation' as const,
      priority: 1,
      reason: 'its data are gone',
    };
    const policy = policyWith(({ retraining }) => ({ retraining: { ...retraining, rules: [old] } }));
    await command(world, 'late-basic', { type: 'ChangePolicy', policy });
    for (const at of [3, 3.1]) await decideRetrain(world, 'late-basic', day(at));
    expect((await world.model()).deprecationProposal).toMatchObject({
      reason: 'its data are gone',
      proposedAt: day(3),
    });
  });

  it('waits in a freeze of the stage, and when the month’s budget is spent', async () => {
    await world.evaluations.put(evaluationOf([breach('performance')], day(3)));
    const stageFreezes = [{ from: day(2), to: day(4), reason: 'the move' }];
    expect(await decideRetrain({ ...world, stageFreezes }, 'late-basic', day(3))).toEqual({
      hold: `all models are frozen until ${day(4)}: the move`,
    });
    const budget = { currency: 'EUR', modelPerMonth: 10 };
    const policy = policyWith(({ retraining }) => ({ retraining: { ...retraining, cooldownDays: 0, budget } }));
    await command(world, 'late-basic', { type: 'ChangePolicy', policy });
    await givenTraining();
    const completion = { status: 'failed', error: 'no machine', cost: { amount: 12.5, currency: 'EUR' } } as const;
    const report = () => completeRun(world, { runId, completion, actor: trainer, now: day(4) });
    await report();
    await report();
    expect(await world.events.head('training-costs#punctuality#2001-01')).toMatchObject({
      version: 1,
      state: { byModel: { 'late-basic': { EUR: 12.5 } } },
    });
    await closeRetrain(world.events, { retrainId: 'late-basic-r1', now: day(4) });
    await world.evaluations.put(evaluationOf([breach('performance')], day(5), { policyVersion: 2, policy }));
    expect(await decideRetrain(world, 'late-basic', day(5))).toEqual({
      hold: 'the model has spent 12.5 of 10 EUR of training cost this month',
    });
  });

  it('looks at every model, page by page, and tells of the one that fails', async () => {
    for (let index = 0; index < 120; index += 1)
      await deploy(world, { definition: { ...lateBasic, name: `model-${index}` } });
    const evaluations = {
      ...world.evaluations,
      latest: async (id: string) =>
        id === 'model-7' ? Promise.reject(new Error('unreadable')) : world.evaluations.latest(id),
    };
    const swept = await decideAllRetrains({ events: world.events, evaluations }, day(30));
    expect(swept.models).toBe(121);
    expect(swept.retrainIds).toHaveLength(120);
    expect(swept.failures).toMatchObject([{ modelId: 'model-7' }]);
  });
});

describe('dispatching', () => {
  it('starts the workflow with the time the policy leaves for training', async () => {
    await ask();
    expect(await dispatch()).toEqual(['late-basic-r1']);
    expect(await world.retrain()).toMatchObject({ status: 'running', startedAt: day(3) });
    expect([...world.workflows.executions]).toEqual([
      [
        'retrainModel/late-basic-r1',
        {
          requeues: 0,
          retrainId: 'late-basic-r1',
          modelId: 'late-basic',
          trainingTimeoutSeconds: 86_400,
          correlationId: 'retrain:late-basic-r1',
        },
      ],
    ]);
  });

  it('starts the first in order and leaves the rest queued when the slots are taken', async () => {
    const hour = (number: number) => toInstant(toMillis(day(3)) + number * hourMillis);
    for (const [name, tier, at] of [
      ['calm', 3, 1],
      ['urgent', 1, 3],
      ['early', 2, 1],
      ['later', 2, 2],
    ] as const) {
      await deploy(world, { definition: { ...lateBasic, name, tier } });
      await requestRetrain(world.events, { modelId: name, reason: 'now', actor: ada, now: hour(at) });
    }
    expect(await dispatch(hour(4), 2)).toEqual(['urgent-r1', 'early-r1']);
    expect(await dispatch(hour(4), 2)).toEqual([]);
    expect(
      (
        await listQueue(world.events, 'queued', { limit: 10, limits: { overall: 2, perTeam: 2 }, now: hour(4) })
      ).items.map(({ retrainId, position, estimatedStartAt }) => [retrainId, position, estimatedStartAt]),
    ).toEqual([
      ['later-r1', 1, hour(5)],
      ['calm-r1', 2, hour(5)],
    ]);
    expect(await dispatch(hour(4), 3)).toEqual(['later-r1']);
  });

  it('starts no more of a team than its limit, and others meanwhile', async () => {
    for (const [name, team] of [
      ['first', 'flights'],
      ['second', 'flights'],
      ['third', 'fares'],
    ] as const) {
      await deploy(world, { definition: { ...lateBasic, name, team } });
      await requestRetrain(world.events, { modelId: name, reason: 'now', actor: ada, now: day(3) });
    }
    const limits = { overall: 3, perTeam: 1 };
    expect(await dispatchRetrains({ ...world, limits }, day(3))).toEqual(['first-r1', 'third-r1']);
    await closeRetrain(world.events, { retrainId: 'first-r1', error: { Error: 'x', Cause: 'y' }, now: day(4) });
    expect(await dispatchRetrains({ ...world, limits }, day(4))).toEqual(['second-r1']);
  });

  it('frees the slot when the training fails', async () => {
    await ask();
    await dispatch(day(3), 1);
    await deploy(world, { definition: { ...lateBasic, name: 'late-live' } });
    await requestRetrain(world.events, { modelId: 'late-live', reason: 'now', actor: ada, now: day(3) });
    expect(await dispatch(day(3), 1)).toEqual([]);
    await closeRetrain(world.events, {
      retrainId: 'late-basic-r1',
      error: { Error: 'States.Timeout', Cause: '' },
      now: day(4),
    });
    expect(await dispatch(day(4), 1)).toEqual(['late-live-r1']);
  });
});

describe('asking a trainer', () => {
  it('sends what a trainer needs, once the token is stored', async () => {
    await ask();
    await dispatch();
    await askTrainer();
    expect(await world.retrain()).toMatchObject({ taskToken: 't1' });
    expect(world.queue.requests).toEqual([
      {
        runId,
        retrainId: 'late-basic-r1',
        modelId: 'late-basic',
        team: 'punctuality',
        causes: ['manual'],
        requestedAt: day(3),
        championVersion: 1,
        championArtifactUri: 's3://artifacts/late-basic/model.json',
        correlationId: 'retrain:late-basic-r1',
      },
    ]);
  });

  it('asks for the same run when the task is repeated', async () => {
    await ask();
    await dispatch();
    await askTrainer('t1');
    await askTrainer('t2');
    expect(new Set(world.queue.requests.map((request) => request.runId))).toEqual(new Set([runId]));
    expect((await world.retrain()).taskToken).toBe('t2');
  });

  it('asks nobody for a run that was answered, and leaves the answer to recovery', async () => {
    const completion = await givenTraining();
    await completeRun(world, { runId, completion, actor: trainer, now: day(4) });
    await askTrainer('t2');
    expect(world.queue.requests).toHaveLength(1);
    await recoverRetrains(world, day(3.1));
    expect(world.workflows.answers).toEqual([
      { taskToken: 't1', output: completion },
      { taskToken: 't2', output: completion },
    ]);
  });
});

describe('completing a run', () => {
  const complete = (completion: Parameters<typeof completeRun>[1]['completion'], id = runId) =>
    completeRun(world, { runId: id, completion, actor: trainer, now: day(4) });

  it('records the candidate and answers the workflow', async () => {
    const completion = await givenTraining();
    await complete(completion);
    expect(await world.retrain()).toMatchObject({ status: 'running', completion });
    expect(world.workflows.answers).toEqual([{ taskToken: 't1', output: completion }]);
  });

  it('records a failure and answers the workflow', async () => {
    await givenTraining();
    await complete({ status: 'failed', error: 'out of memory' });
    expect(world.workflows.answers).toEqual([{ taskToken: 't1', error: 'TrainingFailed', cause: 'out of memory' }]);
  });

  it('takes the same report again, before and after the retrain has ended, and refuses another', async () => {
    const completion = await givenTraining();
    await complete(completion);
    await complete(completion);
    await closeRetrain(world.events, { retrainId: 'late-basic-r1', now: day(4) });
    await complete(completion);
    await expect(complete({ status: 'failed', error: 'out of memory' })).rejects.toMatchObject({
      name: 'IllegalTransition',
      code: 'contradicting-completion',
    });
    expect(world.workflows.answers).toHaveLength(1);
  });

  it.each(['late-basic-r9-a1', 'late-basic-r1', 'nonsense'])('does not know run %s', async (id) => {
    await givenTraining();
    await expect(complete({ status: 'failed', error: 'x' }, id)).rejects.toMatchObject({
      name: 'NotFound',
      code: 'unknown-run',
    });
  });

  it('does not take what is not of this run', async () => {
    const completion = await givenTraining();
    const other = await addVersion(world, { trainingRun: 'another-run' });
    const field = (name: string) => ({ name: 'InvalidRequest', problems: [expect.objectContaining({ field: name })] });
    await expect(complete({ ...completion, modelVersion: 9 })).rejects.toMatchObject(field('/modelVersion'));
    await expect(complete({ ...completion, modelVersion: other })).rejects.toMatchObject(field('/modelVersion'));
    await expect(complete({ ...completion, holdout: { uri: holdoutUri, digest: 'sha256:00' } })).rejects.toMatchObject(
      field('/holdout/digest'),
    );
    await expect(
      complete({ ...completion, holdout: { uri: 's3://artifacts/none', digest: 'sha256:00' } }),
    ).rejects.toMatchObject({ name: 'ArtifactUnusable' });
    expect((await world.retrain()).completion).toBeUndefined();
  });

  it('waits for the baseline of its version', async () => {
    const completion = await givenTraining();
    const head = (await world.events.head<ModelVersion>(versionStream('late-basic', completion.modelVersion)))!;
    const state = { ...head.state, baselineStatus: { status: 'pending' } } as const;
    const pending = {
      ...world,
      events: {
        ...world.events,
        head: async <S>(streamId: string) =>
          streamId === head.streamId ? { ...head, state: state as S } : world.events.head<S>(streamId),
      },
    };
    const request = { runId, completion, actor: trainer, now: day(4) };
    await expect(completeRun(pending, request)).rejects.toMatchObject({
      name: 'IllegalTransition',
      message: expect.stringContaining('pending baseline of version 2'),
    });
    expect((await world.retrain()).completion).toBeUndefined();
    await completeRun(world, request);
  });

  it('comes too late when the retrain was given up', async () => {
    const completion = await givenTraining();
    await closeRetrain(world.events, {
      retrainId: 'late-basic-r1',
      error: { Error: 'States.Timeout', Cause: '' },
      now: day(4),
    });
    await expect(complete(completion)).rejects.toMatchObject({ name: 'IllegalTransition' });
  });
});

describe('closing a retrain', () => {
  const close = (error?: { Error: string; Cause: string }) =>
    closeRetrain(world.events, { retrainId: 'late-basic-r1', error, now: day(5) });

  it('with a candidate opens its rollout and frees the slot', async () => {
    const completion = await givenTraining();
    await completeRun(world, { runId, completion, actor: trainer, now: day(4) });
    expect(await close()).toEqual({ result: 'candidate', rolloutId: 'late-basic-o1' });
    expect(await world.retrain()).toMatchObject({
      status: 'succeeded',
      candidateVersion: 2,
      rolloutId: 'late-basic-o1',
      endedAt: day(5),
    });
    expect(await world.rollout()).toMatchObject({
      status: 'validating',
      champion: 1,
      candidate: 2,
      retrainId: 'late-basic-r1',
      holdout: completion.holdout,
    });
    const model = await world.model();
    expect(model).toMatchObject({ lifecycle: 'validating', openRollout: { rolloutId: 'late-basic-o1', candidate: 2 } });
    expect(model.openRetrain).toBeUndefined();
    expect((await world.version(2)).status).toBe('candidate');
    expect(await dispatch(day(5), 1)).toEqual([]);
  });

  it.each([
    [{ Error: 'States.Timeout', Cause: '' }, 'the trainer did not answer in time'],
    [{ Error: 'IllegalTransition', Cause: 'no champion' }, 'IllegalTransition: no champion'],
  ])('without a report fails with %j', async (error, failure) => {
    await givenTraining();
    expect(await close(error)).toEqual({ result: 'failed', rolloutId: null });
    expect(await world.retrain()).toMatchObject({ status: 'failed', failure });
    expect((await world.model()).openRetrain).toBeUndefined();
  });

  it('leaves a retrain to the queue that gave its slot back while recovery was on its way', async () => {
    await givenTraining();
    const before = await world.events.head('retraining-slots');
    await close({ Error: 'DependencyUnavailable', Cause: 'no answer' });
    const workflows = world.workflows.executions.size;
    const head: typeof world.events.head = async (streamId) =>
      streamId === 'retraining-slots' ? (before as never) : world.events.head(streamId);
    await recoverRetrains({ ...world, events: { ...world.events, head } }, day(4));
    expect(world.workflows.executions.size).toBe(workflows);
  });

  it('goes back to the queue when the function that asks for the training died', async () => {
    await givenTraining();
    expect(await close({ Error: 'Lambda.Unknown', Cause: 'killed' })).toEqual({ result: 'requeued', rolloutId: null });
    expect(await world.retrain()).toMatchObject({ status: 'queued', requeues: 1 });
  });

  it('keeps what a training reports while its retrain is in the queue again', async () => {
    await givenTraining();
    await close({ Error: 'DependencyUnavailable', Cause: 'no answer' });
    const completion = { status: 'failed', error: 'out of memory' } as const;
    await completeRun(world, { runId, completion, actor: trainer, now: day(4) });
    expect(await world.retrain()).toMatchObject({ status: 'queued', completion });
    expect(await dispatch(day(4), 1)).toEqual(['late-basic-r1']);
    await requestTraining(world, { retrainId: 'late-basic-r1', taskToken: 'second', now: day(4) });
    expect(world.queue.requests).toHaveLength(1);
    await recoverRetrains(world, day(4));
    expect(world.workflows.answers).toContainEqual({
      taskToken: 'second',
      error: 'TrainingFailed',
      cause: 'out of memory',
    });
  });

  it('fails with what the trainer said', async () => {
    await givenTraining();
    await completeRun(world, {
      runId,
      completion: { status: 'failed', error: 'out of memory' },
      actor: trainer,
      now: day(4),
    });
    await close({ Error: 'TrainingFailed', Cause: 'out of memory' });
    expect(await world.retrain()).toMatchObject({ status: 'failed', failure: 'out of memory' });
  });

  it('counts a report that was recorded, although the workflow gave up', async () => {
    const completion = await givenTraining();
    await completeRun(world, { runId, completion, actor: trainer, now: day(4) });
    expect(await close({ Error: 'States.Timeout', Cause: '' })).toMatchObject({ result: 'candidate' });
  });

  it('gives the same answer again', async () => {
    await givenTraining();
    const first = await close({ Error: 'States.Timeout', Cause: '' });
    expect(await close()).toEqual(first);
  });
});

describe('recovering', () => {
  it('starts a workflow whose start was lost', async () => {
    await ask();
    const lost = { ...world.workflows, start: async () => Promise.reject(new Error('the process died')) };
    await expect(
      dispatchRetrains({ events: world.events, workflows: lost, limits: { overall: 50, perTeam: 50 } }, day(3)),
    ).rejects.toThrow('died');
    expect(world.workflows.executions.size).toBe(0);
    await recoverRetrains(world, day(3));
    expect([...world.workflows.executions.keys()]).toEqual(['retrainModel/late-basic-r1']);
  });

  it('closes a retrain whose workflow died, an hour after its time', async () => {
    await givenTraining();
    await recoverRetrains(world, toInstant(toMillis(day(4)) + hourMillis));
    expect((await world.retrain()).status).toBe('running');
    await recoverRetrains(world, toInstant(toMillis(day(4)) + hourMillis + 1));
    expect(await world.retrain()).toMatchObject({
      status: 'failed',
      failure: 'RetrainOverdue: the workflow did not end in time',
    });
  });
});

describe('looking at retrains', () => {
  it('never shows the task token', async () => {
    await givenTraining();
    expect(
      JSON.stringify([
        viewRetrain(await world.retrain()),
        await listRetrains(world.events, 'late-basic', { limit: 1 }),
        await listQueue(world.events, 'running', { limit: 1, limits: { overall: 2, perTeam: 2 }, now: day(4) }),
      ]),
    ).not.toContain('t1');
  });

  it('lists the newest first', async () => {
    await givenTraining();
    await closeRetrain(world.events, { retrainId: 'late-basic-r1', error: { Error: 'x', Cause: '' }, now: day(4) });
    await ask('once more', day(5));
    const { items, cursor } = await listRetrains(world.events, 'late-basic', { limit: 1 });
    expect(items.map(({ retrainId }) => retrainId)).toEqual(['late-basic-r2']);
    expect((await listRetrains(world.events, 'late-basic', { limit: 1, cursor })).items[0]).toMatchObject({
      retrainId: 'late-basic-r1',
      status: 'failed',
    });
  });
});

describe('a process that dies between any two steps', () => {
  const given = async () => {
    const fresh = createWorld();
    await deploy(fresh);
    return fresh;
  };

  it('neither loses nor doubles a decision', async () => {
    const places = await crashEverywhere(
      async () => {
        const fresh = await given();
        await fresh.evaluations.put(evaluationOf([breach('performance')], day(3)));
        return fresh;
      },
      (ports) => decideRetrain(ports, 'late-basic', day(3)),
      async (after) => {
        expect(await after.model()).toMatchObject({ retrainCount: 1 });
        expect((await after.events.list(retrainsOfStatus('queued'), { limit: 9 })).items).toHaveLength(1);
      },
    );
    expect(places).toBeGreaterThan(3);
  });

  it('starts each retrain once and never leaves one without its workflow', async () => {
    const places = await crashEverywhere(
      async () => {
        const fresh = await given();
        await requestRetrain(fresh.events, { modelId: 'late-basic', reason: 'now', actor: ada, now: day(3) });
        return fresh;
      },
      async (ports) => {
        await dispatchRetrains(
          { events: ports.events, workflows: ports.workflows, limits: { overall: 1, perTeam: 1 } },
          day(3),
        );
        await recoverRetrains(ports, day(3));
      },
      async (after) => {
        expect((await after.retrain()).status).toBe('running');
        expect(after.workflows.executions.size).toBe(1);
      },
    );
    expect(places).toBeGreaterThan(5);
  });

  it('passes a completion on and opens one rollout', async () => {
    const places = await crashEverywhere(
      async () => {
        const fresh = await given();
        await givenTraining(fresh);
        return fresh;
      },
      async (ports) => {
        const holdout = { uri: holdoutUri, digest: ports.put(holdoutUri, 'rows') };
        const completion = { status: 'succeeded', modelVersion: 2, holdout } as const;
        await completeRun(ports, { runId, completion, actor: trainer, now: day(4) });
        await closeRetrain(ports.events, { retrainId: 'late-basic-r1', now: day(5) });
      },
      async (after) => {
        expect(await after.retrain()).toMatchObject({ status: 'succeeded', rolloutId: 'late-basic-o1' });
        expect(await after.model()).toMatchObject({ retrainCount: 1, rolloutCount: 1 });
        expect(after.workflows.answers.length).toBe(1);
        expect((await loadSlots(after.events)).state.active).toEqual([]);
      },
    );
    expect(places).toBeGreaterThan(8);
  });
});
