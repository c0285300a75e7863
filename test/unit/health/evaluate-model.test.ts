import { beforeEach, describe, expect, it } from 'vitest';
import { versionConflict } from '../../../shared/domain/errors.ts';
import { modelStream } from '../../../shared/domain/stream-ids.ts';
import { evaluateOnDemand, evaluateOnSchedule } from '../../../shared/use-cases/health/evaluate-model.ts';
import { getModelHealth } from '../../../shared/use-cases/health/get-model-health.ts';
import { flights, hoursOf, modelId, policyWith, signalsWith } from './late-flights.ts';
import { change, givenServingModel, registerModel, type World } from './serving-model.ts';

const deployment = '2001-01-22T06:00:00.000Z';
const day = (days: number) => new Date(Date.parse('2001-01-22T00:00:00.000Z') + days * 86_400_000).toISOString();

let world: World;
beforeEach(async () => {
  world = await givenServingModel();
});

const typesOf = async () =>
  (await world.events.commits(modelStream(modelId), { afterVersion: 0, limit: 100 })).flatMap(({ events }) =>
    events.map(({ type }) => type),
  );

describe('a scheduled evaluation', () => {
  it('finds a model healthy whose flights are like those it was trained on, and tells it', async () => {
    world.hours.push(...hoursOf(deployment, day(9)));
    const evaluation = await evaluateOnSchedule(world, modelId, day(9));
    expect(evaluation).toMatchObject({
      verdict: 'healthy',
      causes: [],
      coverageRatio: 1,
      confidence: { level: 'high', reasons: [] },
      window: { from: day(2), to: day(9) },
    });
    expect(evaluation.signals.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['performance', 'ok'],
      ['conceptDrift', 'ok'],
      ['dataDrift', 'ok'],
      ['predictionDrift', 'ok'],
      ['trainServeSkew', 'ok'],
      ['estimatedPerformance', 'ok'],
      ['age', 'ok'],
    ]);
    expect(await world.model()).toMatchObject({
      lifecycle: 'monitoring',
      health: { status: 'healthy', since: day(9), evaluationId: evaluation.evaluationId },
    });
  });

  it('puts a model at risk that says twice the lateness there is', async () => {
    world.hours.push(...hoursOf(deployment, day(9), { lateRatio: 0.2 }));
    const evaluation = await evaluateOnSchedule(world, modelId, day(9));
    expect(evaluation).toMatchObject({ verdict: 'at-risk', causes: ['performance'] });
    expect(evaluation.summary).toMatch(
      /^at risk since 2001-01-31 00:00 UTC: log-loss skill .* confidence high; concept drift breach, data drift ok/,
    );
    expect(await world.model()).toMatchObject({ lifecycle: 'at-risk', health: { status: 'at-risk' } });
  });

  it('puts a model at risk whose inputs have moved, while its outcomes are still to come', async () => {
    world.hours.push(...hoursOf(deployment, day(9), { shift: 0.4 }, { coverageRatio: 0 }));
    const evaluation = await evaluateOnSchedule(world, modelId, day(9));
    expect(evaluation).toMatchObject({ verdict: 'at-risk', causes: ['dataDrift'], confidence: { level: 'medium' } });
    expect((await world.model()).lifecycle).toBe('at-risk');
  });

  it('compares the first day of service with training once it is over, and ever after', async () => {
    world.hours.push(...hoursOf(deployment, day(12)));
    const skewOn = async (moment: string) =>
      (await evaluateOnDemand(world, { modelId, now: moment })).signals.find(({ name }) => name === 'trainServeSkew');
    expect(await skewOn(day(1))).toBeUndefined();
    const first = await skewOn(day(1.25));
    expect(first).toMatchObject({ n: 960 });
    expect(await skewOn(day(12))).toMatchObject({ n: 960, value: first?.value, verdict: first?.verdict });
  });

  it('puts a model at risk whose inputs broke this morning, when the week hides it', async () => {
    world.hours.push(...hoursOf(deployment, day(12.25)), ...hoursOf(day(12.25), day(12.5), { shift: 0.4 }));
    const evaluation = await evaluateOnSchedule(world, modelId, day(12.5));
    const drift = evaluation.signals.find(({ name }) => name === 'dataDrift')!;
    const lateRate = drift.parts.filter(({ name }) => name === 'lateRate');
    expect(lateRate.map(({ window = 'long', verdict }) => [window, verdict])).toEqual([
      ['long', 'ok'],
      ['short', 'breach'],
    ]);
    expect(evaluation).toMatchObject({ verdict: 'at-risk', causes: ['dataDrift'] });
    expect(drift.reason).toMatch(
      /since 2001-02-03 0\d:00 UTC, against the same hours of 12 days \(weekdays are mixed\)/,
    );
    expect(drift.detectionHours).toBeGreaterThan(1);
  });

  it('looks for no sudden breaks where the policy does not', async () => {
    world = await givenServingModel(policyWith(() => ({ shortWindow: { enabled: false, minimumHours: 1 } })));
    world.hours.push(...hoursOf(deployment, day(12)));
    const { signals } = await evaluateOnSchedule(world, modelId, day(12));
    expect(signals.flatMap(({ parts }) => parts.filter(({ window }) => window === 'short'))).toEqual([]);
  });

  it('does not believe in a shift before eight days show how days differ, unless it is overwhelming', async () => {
    const policy = signalsWith(({ age, dataDrift, predictionDrift }) => ({
      age: { ...age, weight: 0 },
      dataDrift: { ...dataDrift, psiBreach: 0.05, psiWarning: 0.02 },
      predictionDrift: { ...predictionDrift, weight: 0 },
    }));
    const driftOn = async (shift: number, days: number) => {
      const moved = await givenServingModel(policy);
      moved.hours.push(...hoursOf(deployment, day(9), { shift }, { coverageRatio: 0 }));
      const { signals } = await evaluateOnSchedule(moved, modelId, day(days));
      return signals.find(({ name }) => name === 'dataDrift');
    };
    expect(await driftOn(0.05, 5)).toMatchObject({
      verdict: 'insufficient-data',
      reason: expect.stringMatching(/^PSI of lateRate .*: needs 8 blocks on each side, has 21 and 4$/),
    });
    expect(await driftOn(0.05, 9)).toMatchObject({ verdict: 'breach' });
    expect(await driftOn(0.4, 5)).toMatchObject({ verdict: 'breach', evidence: null });
  });

  it('keeps the breach when the outcomes stop, and clears it when they have been back and good twice', async () => {
    world.hours.push(...hoursOf(deployment, day(9), { lateRatio: 0.2 }));
    await evaluateOnSchedule(world, modelId, day(9));
    world.hours.push(...hoursOf(day(9), day(18), {}, { coverageRatio: 0 }));
    const blind = await evaluateOnSchedule(world, modelId, day(18));
    expect(blind).toMatchObject({ verdict: 'at-risk', causes: ['performance'] });
    expect(blind.summary).toContain('at risk since 2001-01-31 00:00 UTC: the breach of performance stands');
    world.hours.push(...hoursOf(day(18), day(28)));
    expect(await evaluateOnSchedule(world, modelId, day(27))).toMatchObject({
      verdict: 'at-risk',
      breaches: [{ cause: 'performance', since: day(9), clearEvaluations: 1 }],
      explanation: { wouldChange: expect.arrayContaining(['clears after 1 more evaluation like this one']) },
    });
    expect(await evaluateOnSchedule(world, modelId, day(28))).toMatchObject({ verdict: 'healthy', causes: [] });
    expect(await world.model()).toMatchObject({ lifecycle: 'monitoring', health: { since: day(28) } });
    expect((await typesOf()).filter((type) => type === 'HealthChanged')).toHaveLength(2);
  });

  it('proposes to deprecate a model that has been at risk for as long as its policy bears', async () => {
    world = await givenServingModel(policyWith(() => ({ deprecationProposalDays: 14 })));
    world.hours.push(...hoursOf(deployment, day(30), { lateRatio: 0.2 }));
    await evaluateOnSchedule(world, modelId, day(8));
    await evaluateOnSchedule(world, modelId, day(21));
    expect(await world.model()).not.toHaveProperty('deprecationProposal');
    await evaluateOnDemand(world, { modelId, now: day(24) });
    expect(await world.model()).not.toHaveProperty('deprecationProposal');
    await evaluateOnSchedule(world, modelId, day(25));
    await evaluateOnSchedule(world, modelId, day(26));
    expect(await world.model()).toMatchObject({
      lifecycle: 'at-risk',
      deprecationProposal: { since: day(8), proposedAt: day(25) },
    });
    expect((await typesOf()).filter((type) => type === 'DeprecationProposed')).toHaveLength(1);
  });

  it('says unknown and tells nothing while there are too few flights', async () => {
    world.hours.push({ at: deployment, rows: flights(120) });
    expect(await evaluateOnSchedule(world, modelId, '2001-01-22T07:00:00.000Z')).toMatchObject({
      verdict: 'unknown',
      confidence: { level: 'low' },
    });
    expect((await world.model()).health.status).toBe('unknown');
  });

  it('does not count the outcomes that came early, nor flights from before the deployment', async () => {
    world.hours.push(...hoursOf(day(-2), deployment, { lateRatio: 0.9 }));
    world.hours.push(...hoursOf(deployment, day(5)), ...hoursOf(day(5), day(5.05), { lateRatio: 0.9 }));
    // 5 days and 40 minutes: the windows of the last two hours are open.
    const evaluation = await evaluateOnSchedule(world, modelId, '2001-01-27T00:40:00.000Z');
    const [performance, , drift] = evaluation.signals;
    expect(performance?.n).toBe((5 * 24 - 6 - 2) * 40);
    expect(drift?.n).toBe((5 * 24 - 6 + 1) * 40);
  });

  it('starts anew with a new champion', async () => {
    world.hours.push(...hoursOf(deployment, day(8), { lateRatio: 0.2 }));
    await evaluateOnSchedule(world, modelId, day(8));
    await change(world.events, modelId, day(9), [
      { type: 'RequestRetrain', causes: ['performance'] },
      { type: 'AddVersion' },
      { type: 'CloseRetrain', retrainId: 'late-test-r1', result: 'candidate' },
      { type: 'OpenRollout', candidate: 2 },
      { type: 'PromoteCandidate', rolloutId: 'late-test-o1', trainingDataEnd: day(8) },
    ]);
    expect(await getModelHealth(world, modelId)).toMatchObject({
      verdict: 'unknown',
      missing: ['version 2 has not been evaluated yet (every 30 minutes)'],
    });
    const early = await evaluateOnSchedule(world, modelId, day(9));
    expect(early).toMatchObject({ version: 2, verdict: 'unknown', causes: [] });
  });

  it('of the same moment again changes nothing', async () => {
    world.hours.push(...hoursOf(deployment, day(9)));
    const first = await evaluateOnSchedule(world, modelId, day(9));
    world.hours.push(...hoursOf(day(9), day(10), { lateRatio: 0.2 }));
    expect(await evaluateOnSchedule(world, modelId, day(9))).toEqual(first);
    expect((await world.evaluations.list(modelId, { limit: 10 })).items).toHaveLength(1);
    expect((await typesOf()).filter((type) => type === 'HealthChanged')).toHaveLength(1);
  });

  it('that died before it told the model tells it the second time', async () => {
    world.hours.push(...hoursOf(deployment, day(9)));
    const failing = { ...world.events, append: () => Promise.reject(new Error('the process was killed')) };
    await expect(evaluateOnSchedule({ ...world, events: failing }, modelId, day(9))).rejects.toThrow('killed');
    expect((await world.model()).health.status).toBe('unknown');
    await evaluateOnSchedule(world, modelId, day(9));
    expect((await world.model()).health.status).toBe('healthy');
  });

  it('tells a model that was changed at the same time', async () => {
    world.hours.push(...hoursOf(deployment, day(9)));
    let conflicts = 1;
    const append: World['events']['append'] = (commits) => {
      conflicts -= 1;
      return conflicts === 0 ? Promise.reject(versionConflict('model#late-test', 3)) : world.events.append(commits);
    };
    await evaluateOnSchedule({ ...world, events: { ...world.events, append } }, modelId, day(9));
    expect((await world.model()).health.status).toBe('healthy');
  });

  it('says nothing to a model that is on its way out', async () => {
    world.hours.push(...hoursOf(deployment, day(8), { lateRatio: 0.2 }));
    await change(world.events, modelId, day(7), [{ type: 'Deprecate', reason: 'replaced' }]);
    expect((await evaluateOnSchedule(world, modelId, day(8))).verdict).toBe('at-risk');
    expect((await world.model()).lifecycle).toBe('deprecated');
  });
});

describe('an evaluation on demand', () => {
  it('informs, and neither moves the model nor becomes its latest verdict', async () => {
    world.hours.push(...hoursOf(deployment, day(8), { lateRatio: 0.2 }));
    const evaluation = await evaluateOnDemand(world, { modelId, now: day(8) });
    expect(evaluation).toMatchObject({ kind: 'on-demand', verdict: 'at-risk', evaluatedAt: day(8) });
    expect((await world.model()).health.status).toBe('unknown');
    expect(await world.evaluations.latest(modelId)).toBeUndefined();
    expect((await world.evaluations.list(modelId, { limit: 10 })).items).toEqual([evaluation]);
  });

  it('as of a past moment sees only what was known then', async () => {
    world.hours.push(...hoursOf(deployment, day(9)), ...hoursOf(day(9), day(12), { lateRatio: 0.1, shift: 1 }));
    await change(world.events, modelId, day(10), [
      { type: 'ChangePolicy', policy: { ...(await world.model()).policy, windowDays: 3 } },
    ]);
    const past = await evaluateOnDemand(world, { modelId, now: day(12), asOf: day(9) });
    expect(past).toMatchObject({
      verdict: 'healthy',
      evaluatedAt: day(9),
      policyVersion: 1,
      window: { to: day(9) },
    });
    expect(await evaluateOnDemand(world, { modelId, now: day(12) })).toMatchObject({
      verdict: 'at-risk',
      policyVersion: 2,
    });
  });

  it('as of a moment within an hour leaves that hour out, because it holds what came after', async () => {
    world.hours.push(...hoursOf(deployment, day(8)));
    const evaluation = await evaluateOnDemand(world, { modelId, now: day(8), asOf: '2001-01-28T10:20:00.000Z' });
    expect(evaluation.window.to).toBe('2001-01-28T10:00:00.000Z');
  });

  it.each([
    ['in the future', { now: day(8), asOf: day(9) }, 'as-of-in-future'],
    ['before the model existed', { now: day(8), asOf: day(-1) }, 'as-of-before-model'],
  ])('refuses an asOf %s', async (_case, request, code) => {
    await expect(evaluateOnDemand(world, { modelId, ...request })).rejects.toMatchObject({
      name: 'InvalidRequest',
      code,
      problems: [{ field: '/asOf', code }],
    });
  });

  it('refuses a model without a champion, now or then, and one that does not exist', async () => {
    await registerModel(world.events, 'undeployed');
    await expect(evaluateOnDemand(world, { modelId: 'undeployed', now: day(8) })).rejects.toMatchObject({
      code: 'no-champion',
    });
    const asOf = '2001-01-22T03:00:00.000Z';
    await expect(evaluateOnDemand(world, { modelId, now: day(8), asOf })).rejects.toMatchObject({
      code: 'no-champion',
    });
    await expect(evaluateOnDemand(world, { modelId: 'nobody', now: day(8) })).rejects.toMatchObject({
      code: 'unknown-model',
    });
  });
});

describe('the health of a model', () => {
  it('is unknown, with what is missing, before the first evaluation', async () => {
    expect(await getModelHealth(world, modelId)).toEqual({
      modelId,
      verdict: 'unknown',
      summary: 'unknown: version 1 has not been evaluated yet (every 30 minutes)',
      missing: ['version 1 has not been evaluated yet (every 30 minutes)'],
      health: { status: 'unknown', since: '2001-01-22T00:00:00.000Z' },
    });
    await registerModel(world.events, 'undeployed');
    expect(await getModelHealth(world, 'undeployed')).toMatchObject({ missing: ['no version is deployed'] });
  });

  it('is the latest scheduled verdict, with what would make it surer', async () => {
    world.hours.push(...hoursOf(deployment, day(9), {}, { coverageRatio: 0 }));
    const evaluation = await evaluateOnSchedule(world, modelId, day(9));
    expect(await getModelHealth(world, modelId)).toMatchObject({
      verdict: 'healthy',
      missing: [
        'no performance: no ground truth: no outcome has come',
        'no concept drift: needs 30 rows, has 0 with an outcome',
      ],
      health: { status: 'healthy', since: day(9) },
      evaluation,
    });
  });
});
