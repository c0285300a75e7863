import { describe, expect, it, vi } from 'vitest';
import { systemActor } from '../../shared/domain/actor.ts';
import { changeModel } from '../../shared/use-cases/registry/change-model.ts';
import { recordProbeAnswer } from '../../shared/use-cases/rollout/answer-load-probe.ts';
import { abortRollout } from '../../shared/use-cases/rollout/give-up-rollout.ts';
import { hour } from '../unit/rollout/flight-rollouts.ts';
import { createLoop } from './loop.ts';

// Takes 0.2 s per machine and load; definitions.test.ts runs the real one.
vi.mock('asl-validator', () => ({ default: () => ({ isValid: true, errorsText: () => '' }) }));

const better = 0.06;
const worse = -0.3;

describe('the loop', () => {
  it('goes from a request to a promoted version', async () => {
    const loop = await createLoop();
    await loop.request();
    loop.serve(-0.1);
    await loop.complete(await loop.train(better));
    expect(await loop.outcome('retrain-model', 'late-basic-r1')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await loop.rollout()).toMatchObject({ status: 'canary', step: 0 });
    await loop.advanceTo(240);
    expect(await loop.outcome('roll-out-version', 'late-basic-o1')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await loop.rollout()).toMatchObject({
      status: 'promoted',
      judgements: [
        { percent: 5, verdict: 'inconclusive' },
        { percent: 5, verdict: 'pass' },
        { percent: 20, verdict: 'pass' },
        { percent: 50, verdict: 'pass' },
      ],
    });
    expect(loop.routing.read('late-basic')?.arms).toEqual([{ version: 2, role: 'champion', weightPercent: 100 }]);
    expect((await loop.model()).champion).toMatchObject({ version: 2, since: hour(96) });
  });

  it('refuses a candidate that is worse on the hold-out', async () => {
    const loop = await createLoop();
    await loop.request();
    await loop.complete(await loop.train(worse));
    expect(await loop.rollout()).toMatchObject({ status: 'refused', validation: { verdict: 'fail' } });
    expect(await loop.outcome('roll-out-version', 'late-basic-o1')).toMatchObject({ status: 'SUCCEEDED' });
    expect(loop.calls).not.toContain('shiftTraffic');
    expect((await loop.model()).openRollout).toBeUndefined();
  });

  it('waits for consuming services to say that they load the candidate, and refuses it when one is silent', async () => {
    const consumers = [{ service: 'departures-board', loadProbe: { kind: 'queue' } }] as const;
    const asked = async () => {
      const loop = await createLoop();
      const context = { actor: systemActor('test'), now: loop.now(), reason: 'declared' };
      await changeModel(loop.events, 'late-basic', [{ type: 'DeclareConsumers', consumers }], context);
      await loop.request();
      await loop.complete(await loop.train(better));
      expect(await loop.rollout()).toMatchObject({
        status: 'validating',
        loadProbes: [{ service: 'departures-board' }],
      });
      return loop;
    };
    const answered = await asked();
    const [probe] = (await answered.rollout()).loadProbes ?? [];
    const { probeId = '', artifactDigest = '' } = probe ?? {};
    const said = { probeId, artifactDigest, loaded: true, actor: systemActor('test'), now: answered.now() };
    await recordProbeAnswer(answered.events, said);
    await answered.advanceTo(0.01);
    expect(await answered.rollout()).toMatchObject({ status: 'canary', step: 0 });

    const silent = await asked();
    await silent.advanceTo(0.2);
    expect(await silent.rollout()).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(/^departures-board did not answer by /),
    });
  });

  it('refuses a candidate that does not load', async () => {
    const loop = await createLoop();
    await loop.request();
    const completion = await loop.train(better);
    loop.put('s3://artifacts/late-basic/model.json', 'tampered');
    await loop.complete(completion);
    expect(await loop.rollout()).toMatchObject({ status: 'refused', loadability: { verdict: 'fail' } });
  });

  it('rolls back a candidate that is worse on the traffic', async () => {
    const loop = await createLoop();
    await loop.request();
    loop.serve(0.2);
    await loop.complete(await loop.train(better));
    await loop.advanceTo(240);
    expect(await loop.rollout()).toMatchObject({ status: 'rolled-back', step: 0, endedAt: hour(48) });
    expect(loop.routing.read('late-basic')?.arms).toEqual([{ version: 1, role: 'champion', weightPercent: 100 }]);
  });

  it('rolls back when no outcome ever arrives, after the longest hold', async () => {
    const loop = await createLoop();
    await loop.request();
    await loop.complete(await loop.train(better));
    await loop.advanceTo(95);
    expect(await loop.rollout()).toMatchObject({ status: 'canary', judgements: { length: 3 } });
    await loop.advanceTo(96);
    expect(await loop.rollout()).toMatchObject({ status: 'rolled-back', judgements: { length: 4 } });
  });

  it('promotes straight from validation where there are no canary steps', async () => {
    const loop = await createLoop({ steps: [100] });
    await loop.request();
    await loop.complete(await loop.train(better));
    expect(await loop.rollout()).toMatchObject({ status: 'promoted', endedAt: hour(0) });
  });
});

describe('a training', () => {
  it('that fails closes the retrain', async () => {
    const loop = await createLoop();
    await loop.request();
    await loop.complete({ status: 'failed', error: 'out of memory' });
    expect(await loop.retrain()).toMatchObject({ status: 'failed', failure: 'out of memory' });
    expect(await loop.outcome('retrain-model', 'late-basic-r1')).toMatchObject({ status: 'SUCCEEDED' });
    expect(loop.calls).toEqual(['requestTraining', 'closeRetrain']);
  });

  it('that nobody answers is given up when the policy says so', async () => {
    const loop = await createLoop();
    await loop.request();
    await loop.advanceTo(23.9);
    expect((await loop.retrain()).status).toBe('running');
    await loop.advanceTo(24);
    expect(await loop.retrain()).toMatchObject({ status: 'failed', failure: 'the trainer did not answer in time' });
  });

  it('is asked for again when the request failed in passing', async () => {
    const loop = await createLoop();
    loop.fail('requestTraining', 'DependencyUnavailable', 2);
    await loop.request();
    await loop.advanceTo(0.1);
    expect(loop.queue.requests).toHaveLength(1);
    expect((await loop.retrain()).taskToken).toBeDefined();
  });
});

describe('a training that nobody can be asked for', () => {
  it.each([
    ['CircuitOpen', 1],
    ['DependencyUnavailable', 7],
  ] as const)('because of %s goes back to the queue, and the next workflow asks again', async (error, calls) => {
    const loop = await createLoop();
    loop.fail('requestTraining', error, calls);
    await loop.request();
    await loop.advanceTo(0.1);
    expect(await loop.retrain()).toMatchObject({ status: 'queued', requeues: 1 });
    expect(loop.calls.filter((call) => call === 'requestTraining')).toHaveLength(calls);
    expect(await loop.outcome('retrain-model', 'late-basic-r1')).toMatchObject({ status: 'SUCCEEDED' });
    await loop.dispatch();
    await loop.complete(await loop.train(better));
    expect(await loop.retrain()).toMatchObject({ status: 'succeeded', requeues: 1 });
    expect(await loop.outcome('retrain-model', 'late-basic-r1-q1')).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('because it is refused fails with the reason', async () => {
    const loop = await createLoop();
    loop.connected.clear();
    await loop.request();
    await loop.advanceTo(0.1);
    expect(await loop.retrain()).toMatchObject({
      status: 'failed',
      failure: 'the stage has no connection training-queue',
    });
    expect(loop.calls).toEqual(['requestTraining', 'closeRetrain']);
  });
});

describe('a workflow that fails', () => {
  it.each(['checkLoadability', 'judgeValidation', 'shiftTraffic'] as const)(
    'at %s refuses the candidate with the error',
    async (task) => {
      const loop = await createLoop();
      loop.fail(task, 'TypeError');
      await loop.request();
      await loop.complete(await loop.train(better));
      await loop.advanceTo(1);
      expect(await loop.rollout()).toMatchObject({ status: 'refused', reason: expect.stringContaining('TypeError') });
      expect((await loop.model()).openRollout).toBeUndefined();
    },
  );

  it.each(['judgeStep', 'promoteVersion'] as const)('at %s rolls back with the error', async (task) => {
    const loop = await createLoop();
    loop.fail(task, 'TypeError');
    loop.serve(-0.1);
    await loop.request();
    await loop.complete(await loop.train(better));
    await loop.advanceTo(200);
    expect(await loop.rollout()).toMatchObject({ status: 'rolled-back', reason: expect.stringContaining('TypeError') });
    expect(loop.routing.read('late-basic')?.arms).toHaveLength(1);
  });

  it('goes on when a task failed in passing, and counts one look', async () => {
    const loop = await createLoop();
    loop.fail('judgeStep', 'DependencyUnavailable', 3);
    loop.serve(-0.1);
    await loop.request();
    await loop.complete(await loop.train(better));
    await loop.advanceTo(25);
    expect(await loop.rollout()).toMatchObject({ status: 'canary', judgements: { length: 1 } });
  });

  it('tries to roll back until it can', async () => {
    const loop = await createLoop();
    loop.fail('rollBackRollout', 'DependencyUnavailable', 10);
    loop.serve(0.2);
    await loop.request();
    await loop.complete(await loop.train(better));
    await loop.advanceTo(200);
    expect((await loop.rollout()).status).toBe('rolled-back');
  });
});

it('a person stops a rollout, and its workflow', async () => {
  const loop = await createLoop();
  await loop.request();
  await loop.complete(await loop.train(better));
  await abortRollout(loop, {
    rolloutId: 'late-basic-o1',
    actor: systemActor('test'),
    reason: 'storm',
    now: loop.now(),
  });
  expect(await loop.outcome('roll-out-version', 'late-basic-o1')).toMatchObject({ status: 'ABORTED', cause: 'storm' });
  await loop.advanceTo(200);
  expect((await loop.rollout()).status).toBe('aborted');
  expect(loop.calls).not.toContain('judgeStep');
});
