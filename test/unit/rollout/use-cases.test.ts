import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { RegressionPerformance } from '../../../shared/domain/ground-truth/aggregates.ts';
import type { ModelVersion } from '../../../shared/domain/registry/model.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import { hourOf } from '../../../shared/domain/time.ts';
import { checkLoadability } from '../../../shared/use-cases/rollout/check-loadability.ts';
import { abortRollout, rejectCandidate, rollBack } from '../../../shared/use-cases/rollout/give-up-rollout.ts';
import { judgeStep } from '../../../shared/use-cases/rollout/judge-step.ts';
import { judgeValidation } from '../../../shared/use-cases/rollout/judge-validation.ts';
import { openRollout } from '../../../shared/use-cases/rollout/open-rollout.ts';
import { promoteVersion } from '../../../shared/use-cases/rollout/promote-version.ts';
import { publishRouting } from '../../../shared/use-cases/rollout/publish-routing.ts';
import { restartRollouts } from '../../../shared/use-cases/rollout/restart-rollouts.ts';
import { shiftTraffic } from '../../../shared/use-cases/rollout/shift-traffic.ts';
import { getRouting, listRollouts } from '../../../shared/use-cases/rollout/view-rollouts.ts';
import { crashEverywhere } from '../retraining/crashes.ts';
import { lateBasic, policyWith } from '../retraining/flight-models.ts';
import { addVersion, artifact, command, createWorld, deploy, type World } from '../retraining/memory-world.ts';
import { hour, pairedHour } from './flight-rollouts.ts';
import { givenHoldout, holdoutRows, holdoutUri } from './given-holdout.ts';

const ada: Actor = { id: 'ada', kind: 'person', roles: ['editor:punctuality'], teams: ['punctuality'] };
const rolloutId = 'late-basic-o1';

type Change = Partial<Policy['rollout']>;
const demo: Change = { holdHours: 24, maximumHoldHours: 96, businessMetricRequired: false };

let world: World;
beforeEach(async () => {
  world = createWorld();
});

/** `late-basic` with a registered version 2 that a rollout is opened for. */
async function givenRollout(target = world, change: Change = demo, withHoldout = true): Promise<void> {
  await deploy(target, { policy: policyWith(({ rollout }) => ({ rollout: { ...rollout, ...change } })) });
  await addVersion(target);
  const holdout = givenHoldout(target);
  await openRollout(target, {
    modelId: 'late-basic',
    candidate: 2,
    actor: ada,
    reason: 'try it',
    now: hour(0),
    ...(withHoldout && { holdout }),
  });
}

async function givenCanary(target = world, change: Change = demo): Promise<void> {
  await givenRollout(target, change);
  await checkLoadability(target, { rolloutId, now: hour(0) });
  await judgeValidation(target, { rolloutId, now: hour(0) });
  await shiftTraffic(target, { rolloutId, step: 0, now: hour(0) });
}

/** Pairs of two days, the candidate's loss `difference` of the champion's above it. */
function givenPairs(target: World, difference: number, hours = 72): void {
  for (let index = 0; index < hours; index += 1)
    target.pairs.push(pairedHour(index, 70, 30, 30 * (difference + (index % 2 === 0 ? 0.002 : -0.002))));
}

/** A model whose business metric is one of units; any other state as it is. */
function withMetricPerUnit<S>(state: S): S {
  if (typeof state !== 'object' || state === null || !('definition' in state)) return state;
  const businessMetric = { name: 'minutesSaved', direction: 'higher-is-better', per: 'unit' };
  return { ...state, definition: { ...Object(state.definition), businessMetric } };
}

const at = (hours: number) => ({ rolloutId, now: hour(hours) });

describe('opening a rollout', () => {
  it('marks the candidate, freezes the policy and starts the workflow', async () => {
    await givenRollout();
    expect(await world.rollout()).toMatchObject({
      status: 'validating',
      champion: 1,
      candidate: 2,
      step: -1,
      policy: demo,
      holdout: { uri: holdoutUri },
    });
    expect(await world.model()).toMatchObject({ lifecycle: 'validating', openRollout: { rolloutId, candidate: 2 } });
    expect((await world.version(2)).status).toBe('candidate');
    expect([...world.workflows.executions]).toEqual([
      ['rollOutVersion/late-basic-o1', { rolloutId, modelId: 'late-basic', correlationId: 'rollout:late-basic-o1' }],
    ]);
  });

  it('is refused while another is open that gives way to none, for the champion, and for what does not exist', async () => {
    await givenRollout(world, { ...demo, onNewerCandidate: 'refuse' });
    const open = (candidate: number) =>
      openRollout(world, { modelId: 'late-basic', candidate, actor: ada, reason: 'again', now: hour(1) });
    await addVersion(world);
    await expect(open(3)).rejects.toMatchObject({ name: 'IllegalTransition' });
    await rejectCandidate(world, at(1));
    await expect(open(1)).rejects.toMatchObject({ name: 'IllegalTransition' });
    await expect(open(9)).rejects.toMatchObject({ name: 'NotFound', code: 'unknown-version' });
  });

  it('ends that of an older candidate before its first step, or at any step where the policy says so', async () => {
    const newer = { modelId: 'late-basic', candidate: 3, actor: ada, reason: 'newer', now: hour(1) };
    await givenRollout();
    await addVersion(world);
    expect(await openRollout(world, newer)).toBe('late-basic-o2');
    expect(await world.rollout()).toMatchObject({ status: 'superseded', supersededBy: 3 });
    expect((await world.version(2)).status).toBe('refused');
    expect((await world.model()).openRollout).toMatchObject({ rolloutId: 'late-basic-o2', candidate: 3 });
    // Its workflow finds it ended.
    expect(await judgeStep(world, at(2))).toMatchObject({ next: 'done' });

    const serving = createWorld();
    await givenCanary(serving, { ...demo, onNewerCandidate: 'supersede' });
    await addVersion(serving);
    await openRollout(serving, newer);
    expect((await serving.version(2)).status).toBe('rolled-back');
    expect(serving.routing.read('late-basic')?.arms).toEqual([{ version: 1, role: 'champion', weightPercent: 100 }]);
  });

  it('leaves a serving candidate alone by default', async () => {
    await givenCanary();
    await addVersion(world);
    const newer = { modelId: 'late-basic', candidate: 3, actor: ada, reason: 'newer', now: hour(1) };
    await expect(openRollout(world, newer)).rejects.toMatchObject({ name: 'IllegalTransition' });
    expect((await world.rollout()).status).toBe('canary');
  });

  it('is taken up when the first start of the workflow was lost', async () => {
    await deploy(world);
    await addVersion(world);
    const lost = { ...world.workflows, start: async () => Promise.reject(new Error('the process died')) };
    await expect(
      openRollout(
        { ...world, workflows: lost },
        { modelId: 'late-basic', candidate: 2, actor: ada, reason: 'try it', now: hour(0) },
      ),
    ).rejects.toThrow('died');
    await restartRollouts(world);
    expect([...world.workflows.executions.keys()]).toEqual(['rollOutVersion/late-basic-o1']);
  });
});

describe('loadability', () => {
  it('passes the registered artefact with the features that are sent', async () => {
    await givenRollout();
    expect(await checkLoadability(world, at(0))).toMatchObject({ verdict: 'pass' });
    expect((await world.rollout()).loadability).toMatchObject({ verdict: 'pass', checkedAt: hour(0) });
  });

  it('fails an artefact that was changed, and keeps the verdict', async () => {
    await givenRollout();
    world.put(artifact, 'tampered');
    const first = await checkLoadability(world, at(0));
    expect(first).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('registered is') });
    expect(await checkLoadability(world, at(1))).toMatchObject(first);
  });

  const snow = { name: 'snow', type: 'numeric', required: true, importance: 1 } as const;
  const unusable: readonly [string, Partial<ModelVersion>, string][] = [
    ['missing', { artifactUri: 's3://artifacts/nowhere' }, 'there is no object'],
    ['empty', { artifactUri: 's3://artifacts/empty' }, 'the artefact is empty'],
    ['in need of an unknown feature', { features: [...lateBasic.features, snow] }, 'requires snow'],
    ['without a required feature', { features: lateBasic.features.slice(1) }, 'does not take hour'],
    [
      'of another type',
      { features: lateBasic.features.map((feature) => ({ ...feature, type: 'numeric' })) },
      'takes hour as numeric',
    ],
  ];
  it.each(unusable)('fails a candidate that is %s', async (_, details, reason) => {
    await deploy(world);
    const artifactDigest = world.put('s3://artifacts/empty', '');
    await addVersion(world, details.artifactUri === undefined ? details : { ...details, artifactDigest });
    await openRollout(world, { modelId: 'late-basic', candidate: 2, actor: ada, reason: 'try it', now: hour(0) });
    expect(await checkLoadability(world, at(0))).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining(reason),
    });
  });
});

describe('validation', () => {
  const validate = async () => {
    await checkLoadability(world, at(0));
    return judgeValidation(world, at(0));
  };

  it('lets a better candidate into the canary', async () => {
    await givenRollout();
    expect(await validate()).toEqual({ next: 'canary', step: 0, holdSeconds: 0 });
    expect((await world.rollout()).validation).toMatchObject({ verdict: 'pass', paired: { n: 600, blocks: 4 } });
  });

  it('counts the candidates on one hold-out, and asks more of each further one', async () => {
    await givenRollout();
    await validate();
    expect((await world.rollout()).validation).toMatchObject({ holdoutAttempts: 1 });
    await abortRollout(world, { ...at(1), actor: ada, reason: 'try another' });
    await addVersion(world);
    const holdout = (await world.rollout()).holdout!;
    const again = { modelId: 'late-basic', actor: ada, reason: 'try again', now: hour(2) };
    const second = await openRollout(world, { ...again, candidate: 3, holdout });
    await checkLoadability(world, { rolloutId: second, now: hour(2) });
    await judgeValidation(world, { rolloutId: second, now: hour(2) });
    const { validation } = await world.rollout(second);
    expect(validation).toMatchObject({ holdoutAttempts: 2 });
    expect(validation?.reason).toMatch(/; candidate 2 on this hold-out, judged at 0\.05 \/ 2$/);
  });

  it('demands a hold-out of a fresh window once one has judged as many candidates as the policy allows', async () => {
    const policy = policyWith(({ validation }) => ({ validation: { ...validation, maximumHoldoutAttempts: 1 } }));
    await deploy(world, { policy });
    const holdout = { uri: holdoutUri, digest: world.put(holdoutUri, holdoutRows()) };
    const validated = async (candidate: number) => {
      await addVersion(world);
      const request = { modelId: 'late-basic', candidate, actor: ada, reason: 'try it', now: hour(0), holdout };
      const id = await openRollout(world, request);
      await checkLoadability(world, { rolloutId: id, now: hour(0) });
      const { next } = await judgeValidation(world, { rolloutId: id, now: hour(0) });
      return { id, next, validation: (await world.rollout(id)).validation };
    };
    const first = await validated(2);
    expect(first.next).toBe('canary');
    await abortRollout(world, { rolloutId: first.id, actor: ada, reason: 'try another', now: hour(1) });
    expect(await validated(3)).toMatchObject({
      next: 'refuse',
      validation: {
        verdict: 'inconclusive',
        reason: 'the hold-out has judged 1 candidates, the policy allows 1: deliver one of a fresh window',
      },
    });
  });

  it('keeps what gates and slices were judged by', async () => {
    const gates = [{ metric: 'auc', maximumRegression: 0.01 }] as const;
    await deploy(world, {
      policy: policyWith(({ validation }) => ({ validation: { ...validation, gates: [...gates] } })),
    });
    await addVersion(world);
    const holdout = { uri: holdoutUri, digest: world.put(holdoutUri, holdoutRows()) };
    await openRollout(world, { modelId: 'late-basic', candidate: 2, actor: ada, reason: 'try', now: hour(0), holdout });
    expect((await validate()).next).toBe('canary');
    expect((await world.rollout()).validation?.gates).toMatchObject([
      { metric: 'auc', champion: 1, candidate: 1, improvement: 0, interval: [0, 0], verdict: 'pass', pValue: null },
    ]);
  });

  it('promotes at once where the policy has no canary steps', async () => {
    await givenRollout(world, { steps: [100] });
    expect((await validate()).next).toBe('promote');
    await promoteVersion(world, at(1));
    expect(await world.rollout()).toMatchObject({ status: 'promoted' });
  });

  it('reads a gzipped hold-out', async () => {
    await deploy(world);
    await addVersion(world);
    const uri = 's3://artifacts/late-basic/holdout.ndjson.gz';
    const digest = world.put(uri, gzipSync(holdoutRows()));
    await openRollout(world, {
      modelId: 'late-basic',
      candidate: 2,
      actor: ada,
      reason: 'try it',
      now: hour(0),
      holdout: { uri, digest },
    });
    expect((await validate()).next).toBe('canary');
  });

  it('refuses without a hold-out', async () => {
    await givenRollout(world, demo, false);
    expect(await validate()).toEqual({ next: 'refuse', step: 0, holdSeconds: 0 });
    expect((await world.rollout()).validation).toMatchObject({ verdict: 'inconclusive' });
  });

  it('refuses a hold-out that was changed after it was delivered', async () => {
    await givenRollout();
    world.put(holdoutUri, `${holdoutRows()}\n`);
    expect((await validate()).next).toBe('refuse');
    expect((await world.rollout()).validation?.reason).toContain('delivered was');
  });

  it('refuses a hold-out that cannot be unpacked', async () => {
    await deploy(world);
    await addVersion(world);
    const uri = 's3://artifacts/late-basic/holdout.ndjson.gz';
    const holdout = { uri, digest: world.put(uri, 'not gzip') };
    await openRollout(world, {
      modelId: 'late-basic',
      candidate: 2,
      actor: ada,
      reason: 'try it',
      now: hour(0),
      holdout,
    });
    expect((await validate()).next).toBe('refuse');
  });

  it('is not made before the candidate is known to load', async () => {
    await givenRollout();
    await expect(judgeValidation(world, at(0))).rejects.toMatchObject({ name: 'IllegalTransition' });
  });
});

describe('a candidate without a hold-out under a policy that then compares in shadow', () => {
  const inShadow = policyWith(({ validation, rollout }) => ({
    validation: { ...validation, withoutHoldout: 'shadow' },
    rollout: { ...rollout, ...demo, businessMetricRequired: true },
  }));

  async function givenShadow(definition = lateBasic): Promise<Awaited<ReturnType<typeof judgeValidation>>> {
    await deploy(world, { policy: inShadow, definition });
    await addVersion(world);
    await openRollout(world, { modelId: 'late-basic', candidate: 2, actor: ada, reason: 'try it', now: hour(0) });
    await checkLoadability(world, at(0));
    return judgeValidation(world, at(0));
  }

  it('serves nobody at first and is scored beside the champion', async () => {
    expect(await givenShadow()).toEqual({ next: 'canary', step: 0, holdSeconds: 0 });
    await shiftTraffic(world, { rolloutId, step: 0, now: hour(0) });
    expect(world.routing.read('late-basic')).toMatchObject({
      arms: [
        { version: 1, weightPercent: 100 },
        { version: 2, weightPercent: 0 },
      ],
      shadows: [{ version: 2 }, { version: 1 }],
    });
  });

  it('gets its first traffic after a pass of the paired loss, and goes back to nothing on a fail', async () => {
    await givenShadow();
    await shiftTraffic(world, { rolloutId, step: 0, now: hour(0) });
    await expect(shiftTraffic(world, { rolloutId, step: 1, now: hour(1) })).rejects.toMatchObject({
      name: 'IllegalTransition',
    });
    givenPairs(world, -0.1);
    expect(await judgeStep(world, at(48))).toMatchObject({ next: 'advance', step: 1 });
    const { judgements } = await world.rollout();
    expect(judgements[0]).toMatchObject({ percent: 0, verdict: 'pass' });
    expect(judgements[0]?.sampleRatio).toBeUndefined();
    expect(judgements[0]?.reason).toContain('in shadow there are no arms');
    await shiftTraffic(world, { rolloutId, step: 1, now: hour(48) });
    expect(world.routing.read('late-basic')?.arms[1]).toMatchObject({ version: 2, weightPercent: 5 });
  });

  it('is rolled back when it is worse in shadow', async () => {
    await givenShadow();
    await shiftTraffic(world, { rolloutId, step: 0, now: hour(0) });
    givenPairs(world, 0.2);
    expect((await judgeStep(world, at(48))).next).toBe('roll-back');
  });

  it('is refused where the outcome depends on the action, which shadow scoring does not take', async () => {
    expect((await givenShadow({ ...lateBasic, outcomeDependsOnAction: true })).next).toBe('refuse');
  });
});

describe('a canary', () => {
  it('splits the traffic, scores both on all of it, and publishes', async () => {
    await givenCanary();
    expect(world.routing.read('late-basic')).toMatchObject({
      arms: [
        { version: 1, role: 'champion', weightPercent: 95 },
        { version: 2, role: 'candidate', weightPercent: 5 },
      ],
      shadows: [{ version: 2 }, { version: 1 }],
      rolloutId,
    });
  });

  it('goes up step by step and ends in a promotion', async () => {
    await givenCanary();
    givenPairs(world, -0.1, 240);
    for (const [step, hours] of [
      [0, 48],
      [1, 72],
      [2, 96],
    ] as const) {
      expect(await judgeStep(world, at(hours))).toEqual({
        next: step === 2 ? 'promote' : 'advance',
        step: Math.min(step + 1, 2),
        holdSeconds: 0,
      });
      if (step < 2)
        expect(await shiftTraffic(world, { ...at(hours), step: step + 1 })).toEqual({
          next: 'hold',
          step: step + 1,
          holdSeconds: 86_400,
        });
    }
    await promoteVersion(world, at(96));
    expect(await world.rollout()).toMatchObject({ status: 'promoted', endedAt: hour(96) });
    expect(await world.model()).toMatchObject({ lifecycle: 'active', champion: { version: 2, previous: 1 } });
    expect([(await world.version(1)).status, (await world.version(2)).status]).toEqual(['withdrawn', 'champion']);
    expect(world.routing.read('late-basic')).toMatchObject({
      arms: [{ version: 2, weightPercent: 100 }],
      shadows: [{ version: 1, until: expect.any(String) }],
    });
  });

  it('holds until outcomes have matured', async () => {
    await givenCanary();
    givenPairs(world, -0.1);
    expect(await judgeStep(world, at(24))).toEqual({ next: 'hold', step: 0, holdSeconds: 86_400 });
    expect((await world.rollout()).judgements[0]).toMatchObject({ verdict: 'inconclusive', paired: { n: 0 } });
    expect((await judgeStep(world, at(48))).next).toBe('advance');
  });

  it('holds while the arms do not have the rows that the routing table gives them', async () => {
    await givenCanary();
    givenPairs(world, -0.1);
    const hours = (predictions: number) => [30, 31, 32].map((at) => ({ hour: hourOf(hour(at)), predictions }));
    world.served.set(1, hours(9_500)).set(2, hours(300));
    expect((await judgeStep(world, at(48))).next).toBe('hold');
    expect((await world.rollout()).judgements[0]).toMatchObject({
      verdict: 'inconclusive',
      sampleRatio: { served: { champion: 28_500, candidate: 900, verdict: 'mismatch' } },
      reason: expect.stringContaining('expected 5 %'),
    });
    world.served.set(2, hours(500));
    expect((await judgeStep(world, at(49))).next).toBe('advance');
  });

  it('counts the rows of the running step, with an outcome only those that have matured', async () => {
    await givenCanary();
    const performance = { kind: 'regression', n: 7 } as RegressionPerformance;
    const served = [0, 20, 30, 47].map((at) => ({ hour: hourOf(hour(at)), predictions: 10, performance }));
    world.served.set(1, served);
    await judgeStep(world, at(48));
    expect((await world.rollout()).judgements[0]?.sampleRatio).toMatchObject({
      served: { champion: 40, candidate: 0 },
      labelled: { champion: 14, candidate: 0 },
    });
  });

  it('looks once at one moment, however often it is asked', async () => {
    await givenCanary();
    const first = await judgeStep(world, at(24));
    givenPairs(world, 0.5);
    expect(await judgeStep(world, at(24))).toEqual(first);
    expect((await world.rollout()).judgements).toHaveLength(1);
  });

  it('asks for the pair of versions in their order, whichever is the candidate', async () => {
    await givenCanary();
    const asked: unknown[] = [];
    const hourlyPaired: World['metrics']['hourlyPaired'] = async (window) => {
      asked.push(window);
      return [];
    };
    await judgeStep({ ...world, metrics: { ...world.metrics, hourlyPaired } }, at(48));
    expect(asked).toEqual([{ modelId: 'late-basic', older: 1, newer: 2, from: hour(0), to: hour(24) }]);
  });

  it('asks for the arms of units where those have the business metric', async () => {
    await givenCanary();
    const asked: unknown[] = [];
    const hourlyPaired: World['metrics']['hourlyPaired'] = async ({ units }) => {
      asked.push(units);
      return [];
    };
    const head: World['events']['head'] = async <S>(stream: string) => {
      const found = await world.events.head<S>(stream);
      return found && { ...found, state: withMetricPerUnit(found.state) };
    };
    const perUnit = { events: { ...world.events, head }, metrics: { ...world.metrics, hourlyPaired } };
    await judgeStep({ ...world, ...perUnit }, at(48));
    expect(asked).toEqual([{ rolloutId, metric: 'minutesSaved' }]);
  });

  it('counts units, and not their rows, where units are assigned', async () => {
    await givenCanary();
    const head: World['events']['head'] = async <S>(stream: string) => {
      const found = await world.events.head<S>(stream);
      return found && { ...found, state: withMetricPerUnit(found.state) };
    };
    const units = { n: 100, sum: 500, sumSquares: 2_600 };
    world.pairs.push(pairedHour(5, 70, 30, 0, { older: units, newer: { ...units, n: 7 } }));
    world.served.set(1, [{ hour: hourOf(hour(5)), predictions: 9_000 }]);
    await judgeStep({ ...world, events: { ...world.events, head } }, at(48));
    expect((await world.rollout()).judgements[0]?.sampleRatio).toMatchObject({
      served: { champion: 0, candidate: 0, verdict: 'match' },
      labelled: { champion: 100, candidate: 7, expectedRatio: 0.05 },
    });
  });

  it('does not go up without a pass', async () => {
    await givenCanary();
    await judgeStep(world, at(24));
    await expect(shiftTraffic(world, { ...at(24), step: 1 })).rejects.toMatchObject({ name: 'IllegalTransition' });
    await expect(promoteVersion(world, at(24))).rejects.toMatchObject({ name: 'IllegalTransition' });
    expect(world.routing.read('late-basic')?.arms[1]).toMatchObject({ weightPercent: 5 });
  });
});

describe('giving up', () => {
  it('rolls back a candidate whose loss is worse, and says why', async () => {
    await givenCanary();
    givenPairs(world, 0.3);
    expect((await judgeStep(world, at(48))).next).toBe('roll-back');
    await rollBack(world, at(48));
    expect(await world.rollout()).toMatchObject({
      status: 'rolled-back',
      reason: expect.stringContaining('paired loss fail'),
    });
    expect(await world.model()).toMatchObject({ lifecycle: 'active', champion: { version: 1 } });
    expect((await world.version(2)).status).toBe('rolled-back');
    expect(world.routing.read('late-basic')?.arms).toEqual([{ version: 1, role: 'champion', weightPercent: 100 }]);
  });

  it('rolls back with the error when the workflow fails in the canary', async () => {
    await givenCanary();
    await rollBack(world, { ...at(5), error: { Error: 'Lambda.Unknown', Cause: 'killed' } });
    expect(await world.rollout()).toMatchObject({ status: 'rolled-back', reason: 'Lambda.Unknown: killed' });
  });

  it('refuses with the error when the workflow fails before the canary', async () => {
    await givenRollout();
    await rollBack(world, { ...at(5), error: { Error: 'Lambda.Unknown', Cause: 'killed' } });
    expect(await world.rollout()).toMatchObject({ status: 'refused', reason: 'Lambda.Unknown: killed' });
    expect((await world.model()).openRollout).toBeUndefined();
  });

  it('refuses a candidate that did not pass validation, with its reason', async () => {
    await givenRollout(world, demo, false);
    await checkLoadability(world, at(0));
    await judgeValidation(world, at(0));
    expect(await rejectCandidate(world, at(0))).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('no hold-out'),
    });
    expect((await world.version(2)).status).toBe('refused');
  });

  it('leaves an ended rollout as it is', async () => {
    await givenCanary();
    await rollBack(world, at(5));
    const model = await world.model();
    expect((await rollBack(world, at(6))).status).toBe('rolled-back');
    expect((await rejectCandidate(world, at(6))).status).toBe('rolled-back');
    expect(await world.model()).toEqual(model);
  });

  it('is up to a person, too, who stops the workflow', async () => {
    await givenCanary();
    expect(await abortRollout(world, { ...at(5), actor: ada, reason: 'storm' })).toMatchObject({
      status: 'aborted',
      reason: 'storm',
    });
    expect(world.workflows.stopped).toEqual(new Set(['rollOutVersion/late-basic-o1']));
    expect(await world.model()).toMatchObject({ lifecycle: 'active' });
    expect(await shiftTraffic(world, { ...at(6), step: 1 })).toMatchObject({ next: 'done' });
    expect((await rollBack(world, at(6))).status).toBe('aborted');
  });

  it('aborts before the canary', async () => {
    await givenRollout();
    expect(await abortRollout(world, { ...at(0), actor: ada, reason: 'storm' })).toMatchObject({ status: 'aborted' });
    expect((await world.version(2)).status).toBe('refused');
  });

  it('cannot be undone or done to a promoted version by an abort', async () => {
    await givenCanary();
    await rollBack(world, at(5));
    await expect(abortRollout(world, { ...at(6), actor: ada, reason: 'storm' })).rejects.toMatchObject({
      name: 'IllegalTransition',
    });
    expect(world.workflows.stopped.size).toBe(0);
  });

  it('lets the model be rolled out again', async () => {
    await givenCanary();
    await rollBack(world, at(5));
    expect(
      await openRollout(world, { modelId: 'late-basic', candidate: 2, actor: ada, reason: 'again', now: hour(6) }),
    ).toBe('late-basic-o2');
  });
});

describe('looking at rollouts', () => {
  it('lists the newest first', async () => {
    await givenCanary();
    await rollBack(world, at(5));
    await openRollout(world, { modelId: 'late-basic', candidate: 2, actor: ada, reason: 'again', now: hour(6) });
    const { items } = await listRollouts(world.events, 'late-basic', { limit: 10 });
    expect(items.map(({ status }) => status)).toEqual(['validating', 'rolled-back']);
  });

  it('shows the routing once a version is deployed', async () => {
    await command(world, 'late-basic', { type: 'RegisterModel', definition: lateBasic, policy: policyWith() });
    await expect(getRouting(world.events, 'late-basic')).rejects.toMatchObject({ code: 'unknown-routing' });
    await publishRouting(world, 'late-basic');
    expect(world.routing.read('late-basic')).toBeUndefined();
  });
});

describe('a process that dies between any two steps', () => {
  const canary = async () => {
    const fresh = createWorld();
    await givenCanary(fresh);
    return fresh;
  };
  const upToLastPass = async () => {
    const fresh = createWorld();
    await givenCanary(fresh, { ...demo, steps: [5, 100] });
    givenPairs(fresh, -0.1);
    await judgeStep(fresh, at(48));
    return fresh;
  };

  it('does not lose a rollback, and publishes it', async () => {
    const places = await crashEverywhere(
      canary,
      (ports) => rollBack(ports, at(5)),
      async (after) => {
        expect(await after.rollout()).toMatchObject({ status: 'rolled-back' });
        expect(await after.model()).toMatchObject({ lifecycle: 'active' });
        expect((await after.version(2)).status).toBe('rolled-back');
        expect(after.routing.read('late-basic')).toEqual((await after.model()).routing);
        expect(after.routing.read('late-basic')?.arms).toHaveLength(1);
      },
    );
    expect(places).toBeGreaterThan(10);
  });

  it('does not lose an abort', async () => {
    await crashEverywhere(
      canary,
      (ports) => abortRollout(ports, { ...at(5), actor: ada, reason: 'storm' }),
      async (after) => {
        expect((await after.rollout()).status).toBe('aborted');
        expect(after.workflows.stopped.size).toBe(1);
      },
    );
  });

  it('does not shift traffic twice, and publishes what it shifted', async () => {
    const given = async () => {
      const fresh = createWorld();
      await givenRollout(fresh);
      await checkLoadability(fresh, at(0));
      await judgeValidation(fresh, at(0));
      return fresh;
    };
    const places = await crashEverywhere(
      given,
      (ports) => shiftTraffic(ports, { ...at(0), step: 0 }),
      async (after) => {
        expect(await after.rollout()).toMatchObject({ step: 0, status: 'canary' });
        expect(after.routing.read('late-basic')).toEqual((await after.model()).routing);
      },
    );
    expect(places).toBeGreaterThan(4);
  });

  it('gives way once to a newer candidate', async () => {
    await crashEverywhere(
      async () => {
        const target = createWorld();
        await givenCanary(target, { ...demo, onNewerCandidate: 'supersede' });
        await addVersion(target);
        return target;
      },
      async (target) => {
        if ((await target.model()).openRollout?.candidate === 3) return;
        await openRollout(target, { modelId: 'late-basic', candidate: 3, actor: ada, reason: 'newer', now: hour(1) });
      },
      async (target) => {
        expect((await target.rollout()).status).toBe('superseded');
        expect((await target.model()).openRollout).toMatchObject({ rolloutId: 'late-basic-o2', candidate: 3 });
        expect(target.routing.read('late-basic')?.arms).toHaveLength(1);
      },
    );
  });

  it('promotes once', async () => {
    const places = await crashEverywhere(
      upToLastPass,
      (ports) => promoteVersion(ports, at(48)),
      async (after) => {
        expect(await after.rollout()).toMatchObject({ status: 'promoted' });
        expect(await after.model()).toMatchObject({ champion: { version: 2, previous: 1 } });
        expect(after.routing.read('late-basic')).toEqual((await after.model()).routing);
      },
    );
    expect(places).toBeGreaterThan(6);
  });
});
