import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryEvaluationStore } from '../../../shared/adapters/memory/memory-evaluation-store.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import { evaluateOnDemand, evaluateOnSchedule } from '../../../shared/use-cases/health/evaluate-model.ts';
import { replayEvaluation } from '../../../shared/use-cases/health/replay-evaluation.ts';
import { runBacktest } from '../../../shared/use-cases/health/run-backtest.ts';
import { hoursOf, modelId, policyWith } from './late-flights.ts';
import { givenServingModel, type World } from './serving-model.ts';

const deployment = '2001-01-22T06:00:00.000Z';
const day = (days: number) => new Date(Date.parse('2001-01-22T00:00:00.000Z') + days * 86_400_000).toISOString();

type RecordingWorld = World & { readonly history: ReturnType<typeof createMemoryEvaluationStore> };
let world: RecordingWorld;

beforeEach(async () => {
  const history = createMemoryEvaluationStore();
  world = { ...(await givenServingModel()), evaluations: history, history };
  // Good until day 12, then twice as late as the model says, until the end.
  world.hours.push(...hoursOf(deployment, day(12)), ...hoursOf(day(12), day(24), { lateRatio: 0.8 }));
});

async function evaluateDaily(from: number, to: number): Promise<void> {
  for (let at = from; at <= to; at += 1) await evaluateOnSchedule(world, modelId, day(at));
}

describe('a recorded evaluation', () => {
  it('is made again from its inputs to the last bit, scheduled or asked for', async () => {
    await evaluateDaily(8, 20);
    const asked = await evaluateOnDemand(world, { modelId, now: day(20), asOf: day(10) });
    const { items } = await world.evaluations.list(modelId, { limit: 50 });
    expect(items).toHaveLength(14);
    expect(items.some(({ verdict }) => verdict === 'at-risk')).toBe(true);
    for (const { evaluationId } of [...items, asked]) {
      const found = await replayEvaluation(world, { modelId, evaluationId });
      expect(found).toMatchObject({ isIdentical: true, differences: [] });
    }
  });

  it('stays what it was when late outcomes restate the past', async () => {
    await evaluateDaily(20, 20);
    const [recorded] = (await world.evaluations.list(modelId, { limit: 1 })).items;
    world.hours.length = 0;
    const found = await replayEvaluation(world, { modelId, evaluationId: recorded!.evaluationId });
    expect(found).toMatchObject({ isIdentical: true, replayed: recorded });
  });

  it('that nobody made cannot be replayed', async () => {
    for (const evaluationId of ['nonsense', `${modelId}-${day(3)}-scheduled`, `other-${day(3)}-scheduled`])
      await expect(replayEvaluation(world, { modelId, evaluationId })).rejects.toMatchObject({
        name: 'NotFound',
        code: 'unknown-evaluation',
      });
  });
});

const blind: (policy: Policy) => Policy = (policy) => ({
  ...policy,
  stalenessThreshold: 1,
  signals: {
    ...policy.signals,
    performance: { ...policy.signals.performance, logLossSkillDrop: null, calibrationBias: null, aucDrop: null },
  },
});

function request(policy: Policy) {
  return { modelId, policy, from: day(7), to: day(25), retrainCost: 12.5, now: day(25) };
}

describe('a backtest', () => {
  beforeEach(() => evaluateDaily(8, 24));

  it('finds when the model was worse, when each policy would have said so, and what its retrains would have cost', async () => {
    const report = await runBacktest(world, request(blind(policyWith())));
    expect(report).toMatchObject({ modelId, evaluations: 17, everyNth: 1 });
    expect(report.degradations).toHaveLength(1);
    const [degradation] = report.degradations;
    expect(degradation).toMatchObject({ source: 'hindsight' });
    expect(degradation!.from).toBe(day(12));
    const { current, candidate } = report;
    expect(current.alerts).toHaveLength(1);
    expect(current.falseAlerts).toBe(0);
    expect(current.detections[0]!.delayHours).toBeGreaterThan(0);
    expect(current.retrains.length).toBeGreaterThan(0);
    expect(current.retrainCost).toBe(12.5 * current.retrains.length);
    expect(candidate.alerts).toEqual([]);
    expect(candidate.detections).toEqual([
      { from: degradation!.from, to: degradation!.to, detectedAt: null, delayHours: null },
    ]);
  });

  it('of the current policy alerts when the model was really put at risk', async () => {
    const { items } = await world.evaluations.list(modelId, { limit: 50 });
    const firstAlarm = items.toReversed().find(({ verdict }) => verdict === 'at-risk');
    const { current, candidate } = await runBacktest(world, request((await world.model()).policy));
    expect(current.alerts[0]?.at).toBe(firstAlarm?.evaluatedAt);
    expect(candidate).toEqual(current);
  });

  it('keeps the cooldown of the policy between its retrains', async () => {
    const { policy } = await world.model();
    const retrains = async (cooldownDays: number) =>
      (await runBacktest(world, request({ ...policy, retraining: { ...policy.retraining, cooldownDays } }))).candidate
        .retrains.length;
    expect(await retrains(365)).toBe(1);
    expect(await retrains(0)).toBeGreaterThan(2);
  });

  it('counts alerts outside of the degradations that are given as false', async () => {
    const degradations = [{ from: day(8), to: day(9) }];
    const { current } = await runBacktest(world, { ...request(policyWith()), degradations });
    expect(current).toMatchObject({ falseAlerts: 1, detections: [{ detectedAt: null }] });
  });

  it('says what it could not try', async () => {
    const { assumptions } = await runBacktest(world, request({ ...policyWith(), windowDays: 14 }));
    expect(assumptions.at(-1)).toBe('windowDays 14 could not be tried: the records hold windows of 7 days');
  });

  it('of a time without records, or of no time, is refused', async () => {
    const policy = policyWith();
    await expect(runBacktest(world, { ...request(policy), from: day(1), to: day(2) })).rejects.toMatchObject({
      code: 'nothing-recorded',
    });
    await expect(runBacktest(world, { ...request(policy), from: day(2), to: day(2) })).rejects.toMatchObject({
      code: 'empty-window',
    });
    await expect(runBacktest(world, { ...request(policy), from: day(-100) })).rejects.toMatchObject({
      code: 'window-too-long',
    });
  });
});
