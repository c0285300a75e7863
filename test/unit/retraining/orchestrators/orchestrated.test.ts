import { beforeEach, describe, expect, it } from 'vitest';
import { dependencyUnavailable } from '../../../../shared/adapters/dependency-error.ts';
import { type Actor, systemActor } from '../../../../shared/domain/actor.ts';
import { retrainsOfStatus } from '../../../../shared/domain/retraining/retrain-lists.ts';
import { type Instant, minuteMillis, toInstant, toMillis } from '../../../../shared/domain/time.ts';
import type {
  Orchestrator,
  RunStatus,
  StartRequest,
  StartResult,
  StopResult,
} from '../../../../shared/ports/orchestrator.ts';
import { attachRun } from '../../../../shared/use-cases/retraining/attach-run.ts';
import { loadCircuit } from '../../../../shared/use-cases/retraining/change-circuit.ts';
import { changeRetrain } from '../../../../shared/use-cases/retraining/change-retrain.ts';
import { loadSlots } from '../../../../shared/use-cases/retraining/change-slots.ts';
import { closeRetrain } from '../../../../shared/use-cases/retraining/close-retrain.ts';
import { completeRun } from '../../../../shared/use-cases/retraining/complete-run.ts';
import { dispatchRetrains } from '../../../../shared/use-cases/retraining/dispatch-retrains.ts';
import { openCircuits } from '../../../../shared/use-cases/retraining/open-circuits.ts';
import type { RetrainLimits } from '../../../../shared/use-cases/retraining/read-queue.ts';
import { recoverRetrains } from '../../../../shared/use-cases/retraining/recover-retrains.ts';
import { requestRetrain } from '../../../../shared/use-cases/retraining/request-retrain.ts';
import { requestTraining } from '../../../../shared/use-cases/retraining/request-training.ts';
import { stopRuns } from '../../../../shared/use-cases/retraining/stop-runs.ts';
import { viewRetrain } from '../../../../shared/use-cases/retraining/view-retrains.ts';
import { watchRuns } from '../../../../shared/use-cases/retraining/watch-runs.ts';
import { day, lateBasic } from '../flight-models.ts';
import { createWorld, deploy, type World } from '../memory-world.ts';

const connection = 'maestro';
const noon = day(3);
const at = (minutes: number): Instant => toInstant(toMillis(noon) + minutes * minuteMillis);
const retrainId = 'late-basic-r1';

let world: World;
let maestro: ReturnType<typeof createMaestro>;

/** What a test wants Maestro to answer, and what it was asked. */
function createMaestro() {
  const asked: StartRequest[] = [];
  const stopped: string[] = [];
  const answers = {
    stop: (): StopResult => ({ outcome: 'asked' }),
    start: ({ pipeline, now }: StartRequest): StartResult => ({
      outcome: 'started',
      run: { id: `${pipeline}/1`, pipeline, requestedAt: now },
    }),
    status: (): RunStatus => ({ state: 'running' }),
  };
  const orchestrator: Orchestrator = {
    start: async (request) => {
      asked.push(request);
      return answers.start(request);
    },
    status: async () => answers.status(),
    stop: async ({ id }) => {
      stopped.push(id);
      return answers.stop();
    },
  };
  return { asked, stopped, answers, orchestrator };
}

const fail = () => {
  throw dependencyUnavailable('Maestro', new Error('status 503'));
};

beforeEach(async () => {
  world = createWorld();
  maestro = createMaestro();
  world.connected.set(connection, maestro.orchestrator);
  await deployModels('late-basic');
});

async function deployModels(...names: readonly string[]): Promise<void> {
  for (const name of names)
    await deploy(world, { definition: { ...lateBasic, name, orchestrator: { connection, pipeline: 'ranker-train' } } });
}

async function queue(modelId = 'late-basic'): Promise<void> {
  await requestRetrain(world.events, { modelId, reason: 'new airports', actor: systemActor('test'), now: noon });
}
const dispatch = (now: Instant) => dispatchRetrains({ ...world, limits: { overall: 50, perTeam: 50 } }, now);
const request = (now: Instant, id = retrainId) =>
  requestTraining(world, { retrainId: id, taskToken: `token-${now}`, now });
const close = (name: string, requeues = 0, now = at(1)) =>
  closeRetrain(world.events, { retrainId, requeues, error: { Error: name, Cause: '' }, now });
async function given(now = noon): Promise<void> {
  await queue();
  await dispatch(now);
  await request(now);
}

describe('a model with an orchestrator', () => {
  it('is trained there, with the run named after the retrain and everything a trainer gets', async () => {
    await given();
    expect(maestro.asked).toMatchObject([
      {
        requestId: `${retrainId}-a1`,
        pipeline: 'ranker-train',
        parameters: { retrainId, modelId: 'late-basic', causes: 'manual', championVersion: '1' },
      },
    ]);
    expect(world.queue.requests).toEqual([]);
    const retrain = await world.retrain();
    expect(retrain.run).toEqual({ connection, pipeline: 'ranker-train', id: 'ranker-train/1', requestedAt: noon });
    expect(viewRetrain(retrain)).not.toHaveProperty('askedAt');
  });

  it('says when it asked before, so that an orchestrator without keys can look first', async () => {
    maestro.answers.start = fail;
    await queue();
    await dispatch(noon);
    await expect(request(noon)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    await expect(request(at(1))).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    expect(maestro.asked.map(({ askedBefore }) => askedBefore)).toEqual([undefined, noon]);
  });

  it('fails with the reason when it is refused', async () => {
    maestro.answers.start = () => ({ outcome: 'refused', reason: 'no such workflow' });
    await queue();
    await dispatch(noon);
    await expect(request(noon)).rejects.toMatchObject({ name: 'TrainingRefused' });
    expect(await close('TrainingRefused')).toEqual({ result: 'failed', rolloutId: null });
    expect(await world.retrain()).toMatchObject({ status: 'failed', failure: 'maestro refused: no such workflow' });
    expect((await loadCircuit(world.events, connection)).status).toBe('closed');
  });

  it('waits while its orchestrator is full, and holds nobody up who is trained elsewhere', async () => {
    await deployModels('alpha');
    await deploy(world, { definition: { ...lateBasic, name: 'elsewhere' } });
    for (const modelId of ['alpha', 'late-basic', 'elsewhere']) await queue(modelId);
    const limits = { overall: 50, perTeam: 50, perOrchestrator: { each: 50, exceptions: { [connection]: 1 } } };
    expect(await dispatchRetrains({ ...world, limits }, noon)).toEqual(['alpha-r1', 'elsewhere-r1']);
    await closeRetrain(world.events, { retrainId: 'alpha-r1', now: at(1) });
    expect(await dispatchRetrains({ ...world, limits }, at(1))).toEqual([retrainId]);
  });

  it('fails when the stage has no such connection', async () => {
    world.connected.delete(connection);
    await queue();
    await dispatch(noon);
    await expect(request(noon)).rejects.toMatchObject({ name: 'TrainingRefused' });
    expect(await world.retrain()).toMatchObject({
      completion: { status: 'failed', error: 'the stage has no connection maestro' },
    });
  });
});

describe('an orchestrator that does not answer', () => {
  async function breakCircuit(): Promise<void> {
    maestro.answers.start = fail;
    await queue();
    await dispatch(noon);
    for (let failures = 0; failures < 5; failures += 1)
      await expect(request(noon)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  }

  it('is left alone after five failures, and the retrain waits in the queue without a slot', async () => {
    await breakCircuit();
    await expect(request(noon)).rejects.toMatchObject({ name: 'CircuitOpen' });
    expect(maestro.asked).toHaveLength(5);
    expect(await close('CircuitOpen')).toEqual({ result: 'requeued', rolloutId: null });
    expect(await world.retrain()).toMatchObject({ status: 'queued', requeues: 1 });
    expect((await loadSlots(world.events)).state.active).toEqual([]);
    expect(await openCircuits(world.events, [connection, 'training-queue'])).toEqual([connection]);
    expect(await dispatch(at(0.5))).toEqual([]);
  });

  it('holds nobody up who is trained elsewhere', async () => {
    await breakCircuit();
    await close('CircuitOpen');
    await deploy(world, { definition: { ...lateBasic, name: 'elsewhere' } });
    await queue('elsewhere');
    expect(await dispatch(at(0.5))).toEqual(['elsewhere-r1']);
  });

  it('is asked again after the back-off, by a workflow with another name, and finds the same run', async () => {
    await breakCircuit();
    await close('CircuitOpen');
    maestro.answers.start = createMaestro().answers.start;
    expect(await dispatch(at(2))).toEqual([retrainId]);
    expect([...world.workflows.executions.keys()]).toEqual([
      `retrainModel/${retrainId}`,
      `retrainModel/${retrainId}-q1`,
    ]);
    await request(at(2));
    expect(maestro.asked.at(-1)).toMatchObject({ requestId: `${retrainId}-a1`, askedBefore: noon });
    expect((await loadCircuit(world.events, connection)).status).toBe('draining');
  });

  it('is probed by two of many, and the rest stays in the queue', async () => {
    const others = ['a2', 'b2', 'c2', 'd2'];
    await deployModels(...others);
    await breakCircuit();
    await close('CircuitOpen');
    for (const other of others) await queue(other);
    expect(await dispatch(at(2))).toHaveLength(2);
    // The start decides: after the first has failed the next is sent back.
    await expect(request(at(2), 'a2-r1')).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    await expect(request(at(2), 'b2-r1')).rejects.toMatchObject({ name: 'CircuitOpen' });
    expect(await dispatch(at(3))).toEqual([]);
  });

  it('does not let a late end of the first workflow touch the second', async () => {
    await breakCircuit();
    await close('CircuitOpen');
    maestro.answers.start = createMaestro().answers.start;
    await dispatch(at(2));
    expect(await close('States.Timeout', 0, at(3))).toEqual({ result: 'requeued', rolloutId: null });
    expect((await world.retrain()).status).toBe('running');
    expect(await close('States.Timeout', 1, at(4))).toEqual({ result: 'failed', rolloutId: null });
  });
});

describe('watching runs', () => {
  it.each(['failed', 'stopped'] as const)('ends a retrain whose run has %s without a word', async (state) => {
    await given();
    maestro.answers.status = () => ({ state, reason: 'out of memory' });
    await watchRuns(world, at(5));
    const error = `ranker-train of maestro ${state}: out of memory`;
    expect((await world.retrain()).completion).toEqual({ status: 'failed', error });
    expect([...world.workflows.answers.values()]).toMatchObject([{ error: 'TrainingFailed', cause: error }]);
    // A failed training says nothing against the orchestrator.
    expect(await loadCircuit(world.events, connection)).toEqual({ status: 'closed', failures: 0 });
  });

  it('leaves a run that has succeeded half an hour to complete', async () => {
    await given();
    maestro.answers.status = () => ({ state: 'succeeded', endedAt: at(10) });
    await watchRuns(world, at(40));
    expect((await world.retrain()).completion).toBeUndefined();
    await watchRuns(world, at(41));
    expect((await world.retrain()).completion).toEqual({
      status: 'failed',
      error: 'ranker-train of maestro ended without completing its run',
    });
  });

  it('asks again for a run that the orchestrator does not know', async () => {
    await given();
    maestro.answers.status = () => ({ state: 'unknown' });
    await watchRuns(world, at(10));
    expect(maestro.asked.map(({ askedBefore }) => askedBefore)).toEqual([undefined, noon]);
    expect((await world.retrain()).run?.requestedAt).toBe(at(10));
  });

  it('asks an orchestrator that does not answer once, and counts it', async () => {
    await deployModels('alpha');
    await given();
    await queue('alpha');
    await dispatch(noon);
    await request(noon, 'alpha-r1');
    let asked = 0;
    maestro.answers.status = () => {
      asked += 1;
      return fail();
    };
    await watchRuns(world, at(5));
    expect(asked).toBe(1);
    expect(await loadCircuit(world.events, connection)).toEqual({ status: 'closed', failures: 1 });
  });

  it('asks only about the run that was told to have ended, however often and whatever it was told', async () => {
    await given();
    let asked = 0;
    maestro.answers.status = () => {
      asked += 1;
      return { state: 'running' };
    };
    await watchRuns(world, at(1), new Set(['nobody/9']));
    expect(asked).toBe(0);
    await watchRuns(world, at(1), new Set(['ranker-train/1']));
    expect(asked).toBe(1);
    expect((await world.retrain()).completion).toBeUndefined();
    maestro.answers.status = () => ({ state: 'failed' });
    for (let times = 0; times < 2; times += 1) await watchRuns(world, at(2), new Set(['ranker-train/1']));
    expect((await world.retrain()).completion).toMatchObject({ status: 'failed' });
    expect(world.workflows.answers).toHaveLength(1);
  });

  it('asks nothing about runs of the queue', async () => {
    await deploy(world, { definition: { ...lateBasic, name: 'elsewhere' } });
    await queue('elsewhere');
    await dispatch(noon);
    await request(noon, 'elsewhere-r1');
    await watchRuns(world, at(5));
    expect((await world.retrain('elsewhere-r1')).run).toBeUndefined();
  });
});

describe('a run that outlives its retrain', () => {
  async function givenLate(): Promise<void> {
    await given();
    await close('States.Timeout', 0, at(1_500));
  }
  const stopping = async () =>
    (await world.events.list(retrainsOfStatus('stopping'), { limit: 9 })).items.map(({ streamId }) => streamId);

  it('is stopped, and asked for again until it has ended', async () => {
    await givenLate();
    expect(await stopping()).toEqual([`retrain#${retrainId}`]);
    await stopRuns(world, at(1_505));
    await stopRuns(world, at(1_510));
    expect(maestro.stopped).toEqual(['ranker-train/1', 'ranker-train/1']);
    expect(await world.retrain()).toMatchObject({ status: 'failed', failure: 'the trainer did not answer in time' });
    maestro.answers.status = () => ({ state: 'stopped' });
    expect(await stopRuns(world, at(1_515))).toEqual([]);
    expect((await world.retrain()).runEnd).toEqual({ outcome: 'ended' });
    await stopRuns(world, at(1_520));
    expect(maestro.stopped).toHaveLength(2);
    expect(await stopping()).toEqual([]);
  });

  it('is stopped after an outage too, which is counted once a look', async () => {
    await givenLate();
    maestro.answers.status = fail;
    expect(await stopRuns(world, at(1_505))).toEqual([]);
    expect(await loadCircuit(world.events, connection)).toEqual({ status: 'closed', failures: 1 });
    maestro.answers.status = () => ({ state: 'running' });
    await stopRuns(world, at(1_510));
    expect(maestro.stopped).toEqual(['ranker-train/1']);
  });

  it('is left to itself, and that is told, when its orchestrator stops nothing or is gone', async () => {
    await givenLate();
    maestro.answers.stop = () => ({ outcome: 'refused', reason: 'events stop no run' });
    expect(await stopRuns(world, at(1_505))).toEqual([retrainId]);
    expect((await world.retrain()).runEnd).toEqual({ outcome: 'left', reason: 'events stop no run' });
    expect(await stopRuns(world, at(1_510))).toEqual([]);
  });

  it('is stopped when its start was recorded after the end', async () => {
    await queue();
    await dispatch(noon);
    await close('States.Timeout', 0, at(1_500));
    const run = { connection, pipeline: 'ranker-train', id: 'ranker-train/1', requestedAt: noon };
    const context = { actor: systemActor('retraining'), now: at(1_501), reason: 'late' };
    await changeRetrain(world.events, retrainId, { type: 'RecordRun', run }, context);
    await stopRuns(world, at(1_505));
    expect(maestro.stopped).toEqual(['ranker-train/1']);
  });

  it('is not stopped when it has told its end, or was seen to have ended', async () => {
    await given();
    maestro.answers.status = () => ({ state: 'failed' });
    await watchRuns(world, at(5));
    await close('TrainingFailed', 0, at(6));
    expect(await stopping()).toEqual([]);
    await stopRuns(world, at(10));
    expect(maestro.stopped).toEqual([]);
  });
});

describe('a run whose start got no answer', () => {
  it('may complete while its retrain waits in the queue, which then ends with it', async () => {
    maestro.answers.start = fail;
    await queue();
    await dispatch(noon);
    await expect(request(noon)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    await close('DependencyUnavailable');
    const completion = { status: 'failed', error: 'no gain' } as const;
    const report = { runId: `${retrainId}-a1`, completion, actor: systemActor('test'), now: at(2) };
    await completeRun(world, report);
    await dispatch(at(3));
    await request(at(3));
    expect(maestro.asked).toHaveLength(1);
    await recoverRetrains(world, at(4));
    expect([...world.workflows.answers.values()]).toMatchObject([{ error: 'TrainingFailed', cause: 'no gain' }]);
  });

  it('is not believed when nobody was asked for it', async () => {
    await queue();
    const completion = { status: 'failed', error: 'no gain' } as const;
    const report = { runId: `${retrainId}-a1`, completion, actor: systemActor('test'), now: at(2) };
    await expect(completeRun(world, report)).rejects.toMatchObject({ name: 'IllegalTransition' });
  });
});

describe('attaching a run', () => {
  const run = { connection, pipeline: 'ranker-train', id: 'ranker-train/77' };
  const operator = {
    kind: 'person',
    id: 'olga',
    roles: ['editor:punctuality'],
    teams: ['punctuality'],
  } as const satisfies Actor;
  const attach = (more: Partial<typeof run> = {}, limits: RetrainLimits = { overall: 50, perTeam: 50 }) =>
    attachRun(
      { ...world, limits, connections: [connection] },
      { retrainId, run: { ...run, ...more }, reason: 'Maestro’s API is down', actor: operator, now: at(1) },
    );

  it('starts a retrain that waits, past an open circuit, and asks the orchestrator for none', async () => {
    await queue();
    expect(await attach()).toMatchObject({ status: 'running', run: { ...run, requestedAt: at(1), attached: true } });
    expect((await loadSlots(world.events)).state).toMatchObject({ orchestrators: { [retrainId]: connection } });
    expect([...world.workflows.executions.keys()]).toEqual([`retrainModel/${retrainId}`]);
    await request(at(1));
    expect(maestro.asked).toEqual([]);
    maestro.answers.status = () => ({ state: 'failed' });
    await watchRuns(world, at(5));
    expect((await world.retrain()).completion).toMatchObject({ status: 'failed' });
  });

  it('says who attached it and why, once', async () => {
    await queue();
    await attach();
    await attach();
    const commits = await world.events.commits(`retrain#${retrainId}`, { afterVersion: 1, limit: 9 });
    expect(commits).toMatchObject([{ actor: { id: 'olga' }, reason: 'Maestro’s API is down' }]);
    expect(commits[0]?.events.map(({ type }) => type)).toEqual(['RetrainStarted', 'TrainingStarted']);
  });

  it('takes no second run, no unknown connection, no ended retrain, and no slot that is not free', async () => {
    await queue();
    await expect(attach({ connection: 'elsewhere' })).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(attach({ connection: 'training-queue' })).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(attach({}, { overall: 0, perTeam: 50 })).rejects.toMatchObject({ name: 'IllegalTransition' });
    expect((await world.retrain()).status).toBe('queued');
    await attach();
    await expect(attach({ id: 'ranker-train/78' })).rejects.toMatchObject({ name: 'IllegalTransition' });
    await close('States.Timeout', 0, at(1_500));
    await expect(attach({ id: 'ranker-train/79' })).rejects.toMatchObject({ name: 'IllegalTransition' });
  });

  it('fails the retrain when the orchestrator knows no such run, and starts none in its place', async () => {
    await queue();
    await attach();
    await request(at(1));
    maestro.answers.status = () => ({ state: 'unknown' });
    await watchRuns(world, at(5));
    expect(maestro.asked).toEqual([]);
    expect((await world.retrain()).completion).toMatchObject({ error: expect.stringContaining('not known there') });
  });

  it('wins over a start that is under way, whose run is stopped', async () => {
    await queue();
    await dispatch(noon);
    const { start } = maestro.orchestrator;
    world.connected.set(connection, {
      ...maestro.orchestrator,
      start: async (asked) => {
        await attach();
        return start(asked);
      },
    });
    await request(noon);
    expect(maestro.stopped).toEqual(['ranker-train/1']);
    expect((await world.retrain()).run).toMatchObject(run);
  });

  it('by hand is watched by nobody', async () => {
    await queue();
    await attach({ connection: 'by-hand', id: 'laptop' });
    await request(at(1));
    await watchRuns(world, at(5));
    expect((await world.retrain()).completion).toBeUndefined();
    expect(maestro.asked).toEqual([]);
  });
});
