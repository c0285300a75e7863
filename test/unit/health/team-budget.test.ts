import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryEvaluationStore } from '../../../shared/adapters/memory/memory-evaluation-store.ts';
import { createMemoryEventStore } from '../../../shared/adapters/memory/memory-event-store.ts';
import { createMemoryScanQueue } from '../../../shared/adapters/memory/memory-scan-queue.ts';
import { systemActor } from '../../../shared/domain/actor.ts';
import type { AlertBudget } from '../../../shared/domain/health/evaluation.ts';
import { contextOf, fleetContext, fleetContextSchema } from '../../../shared/domain/health/fleet-context.ts';
import { defaultFalseAlarmsPerWeek } from '../../../shared/domain/health/team.ts';
import { alertBudgetOf, alphaFrom, withQValues } from '../../../shared/domain/health/team-budget.ts';
import { testsOfModel } from '../../../shared/domain/health/tests-of-model.ts';
import type { ModelRow } from '../../../shared/domain/registry/model-row.ts';
import { toInstant, toMillis } from '../../../shared/domain/time.ts';
import { changeAlertBudget, loadTeam } from '../../../shared/use-cases/health/change-alert-budget.ts';
import { evaluateOnDemand } from '../../../shared/use-cases/health/evaluate-model.ts';
import { replayEvaluation } from '../../../shared/use-cases/health/replay-evaluation.ts';
import { scanModels } from '../../../shared/use-cases/health/scan-models.ts';
import { definition, hoursOf, modelId, policyWith } from './late-flights.ts';
import { change, givenServingModel, registerModel, type World } from './serving-model.ts';

const policy = policyWith();
const team = fc.record({
  falseAlarmsPerWeek: fc.double({ min: 0.1, max: 20, noNaN: true }),
  testsOfTeam: fc.integer({ min: 1, max: 30_000 }),
});
const budgetOf = (given: { falseAlarmsPerWeek: number; testsOfTeam: number }) => alertBudgetOf(policy, given)!;
const start = '2001-01-30T00:00:00.000Z';
const hoursLater = (hours: number) => toInstant(toMillis(start) + hours * 3_600_000);

describe("a team's budget", () => {
  it('is not exceeded by what the tests of both windows spend in a week', () => {
    fc.assert(
      fc.property(team, (given) => {
        const { alphaShort, alphaLong, looksPerWeek } = budgetOf(given);
        const spent = given.testsOfTeam * (alphaShort * looksPerWeek.short + alphaLong * looksPerWeek.long);
        expect(spent).toBeLessThanOrEqual(given.falseAlarmsPerWeek * (1 + 1e-6));
      }),
    );
  });

  it('gives stricter levels to more tests and looser ones to more accepted alarms', () => {
    fc.assert(
      fc.property(team, (given) => {
        const { alphaLong } = budgetOf(given);
        expect(budgetOf({ ...given, testsOfTeam: given.testsOfTeam * 2 }).alphaLong).toBeLessThanOrEqual(alphaLong);
        const twice = { ...given, falseAlarmsPerWeek: given.falseAlarmsPerWeek * 2 };
        expect(budgetOf(twice).alphaLong).toBeGreaterThanOrEqual(alphaLong);
      }),
    );
  });

  it('gives each window its own level, and nothing when the policy takes no part in it', () => {
    const budget = budgetOf({ falseAlarmsPerWeek: 1, testsOfTeam: 100 });
    const alphaOf = alphaFrom(policy, budget);
    expect([alphaOf({ window: 'short' }), alphaOf({ window: 'long' })]).toEqual([budget.alphaShort, budget.alphaLong]);
    const apart = policyWith(() => ({ fleetControl: false }));
    expect(alertBudgetOf(apart, { falseAlarmsPerWeek: 1, testsOfTeam: 100 })).toBeUndefined();
    expect(alphaFrom(apart, undefined)({ window: 'long' })).toBe(apart.significance);
  });

  it('is divided among three tests of each judged feature, the output, the performance and concept drift', () => {
    // 2 features, KL, AUC, log-loss skill and calibration, loss and calibration of concept drift.
    expect(testsOfModel(definition, policy)).toBe(2 * 3 + 1 + 3 + 2);
    const { signals } = policy;
    const narrow = { ...policy, signals: { ...signals, dataDrift: { ...signals.dataDrift, maximumFeatures: 1 } } };
    expect(testsOfModel(definition, narrow)).toBe(9);
  });
});

describe('the context of a scan', () => {
  const row = (name: string, of: string, more: Partial<ModelRow> = {}): ModelRow => ({
    modelId: name,
    name,
    team: of,
    tier: 3,
    domain: 'flights',
    lifecycle: 'monitoring',
    registeredAt: start,
    evaluationIntervalMinutes: 30,
    minimumCoverageRatio: 0.8,
    isAtRisk: false,
    tests: 10,
    champion: { version: 1, since: start },
    ...more,
  });

  it('counts the tests of each team apart, whatever happens to the models of another', () => {
    const calm = [row('a', 'flights'), row('b', 'flights'), row('c', 'trains')];
    const incident = calm.map((model) => (model.team === 'trains' ? { ...model, isAtRisk: true, tests: 500 } : model));
    expect(fleetContext(calm, [], []).budgets.flights).toEqual({ falseAlarmsPerWeek: 1, testsOfTeam: 20 });
    expect(fleetContext(incident, [], []).budgets.flights).toEqual(fleetContext(calm, [], []).budgets.flights);
  });

  it('counts models from before their row said so as if they had twenty features', () => {
    const { tests: _, ...older } = row('a', 'flights');
    expect(fleetContext([older], [], []).budgets.flights?.testsOfTeam).toBe(66);
  });

  it('goes with a shard as far as its models need it, through a message and back', () => {
    const models = [row('a', 'flights'), row('c', 'trains')];
    const whole = fleetContext(models, [], [{ team: 'flights', falseAlarmsPerWeek: 3 }]);
    const part = contextOf(whole, models.slice(0, 1));
    expect(part).toEqual({ budgets: { flights: { falseAlarmsPerWeek: 3, testsOfTeam: 10 } }, downstream: {} });
    expect(fleetContextSchema.parse(JSON.parse(JSON.stringify(part)))).toEqual(part);
  });
});

describe('q-values', () => {
  it('stand beside each test of the evaluation and change no verdict', () => {
    const part = (name: string, evidence: number | null) =>
      ({ name, value: 0, reference: 0, evidence, verdict: 'ok', reason: '' }) as const;
    const base = { value: 0, unit: '', score: 0, evidence: null, effect: 0, n: 9, nNeeded: 1, reason: '' } as const;
    const signals = withQValues([
      { ...base, name: 'performance', verdict: 'ok', parts: [part('auc', 0.01)] },
      { ...base, name: 'dataDrift', verdict: 'ok', parts: [part('origin', null), part('lateRate', 0.04)] },
    ]);
    expect(signals.flatMap(({ parts }) => parts.map(({ name, qValue }) => [name, qValue]))).toEqual([
      ['auc', 0.02],
      ['origin', undefined],
      ['lateRate', 0.04],
    ]);
  });
});

describe('setting the budget of a team', () => {
  const request = { team: 'flights', actor: systemActor('test'), now: start };

  it('holds until it is set again, and to the same again is nothing', async () => {
    const events = createMemoryEventStore();
    expect(await loadTeam(events, 'flights')).toMatchObject({
      version: 0,
      state: { team: 'flights', falseAlarmsPerWeek: defaultFalseAlarmsPerWeek },
    });
    await changeAlertBudget(events, { ...request, falseAlarmsPerWeek: 3 });
    expect(await changeAlertBudget(events, { ...request, falseAlarmsPerWeek: 3 })).toMatchObject({ version: 1 });
    expect((await loadTeam(events, 'flights')).state.falseAlarmsPerWeek).toBe(3);
    expect((await loadTeam(events, 'trains')).state.falseAlarmsPerWeek).toBe(1);
  });

  it('refuses to change another version than the one that was read', async () => {
    const events = createMemoryEventStore();
    await expect(changeAlertBudget(events, { ...request, falseAlarmsPerWeek: 3, ifMatch: 4 })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
  });
});

describe('a scan', () => {
  let history: ReturnType<typeof createMemoryEvaluationStore>;
  let world: World;
  const scan = (now: string) =>
    scanModels(world, {
      now,
      queue: createMemoryScanQueue(),
      onFailure: (_modelId, error) => expect.fail(String(error)),
    });
  const latestBudget = async (): Promise<AlertBudget | undefined> =>
    (await world.evaluations.latest(modelId))?.alertBudget;

  beforeEach(async () => {
    history = createMemoryEvaluationStore();
    world = { ...(await givenServingModel()), evaluations: history };
    world.hours.push(...hoursOf('2001-01-22T06:00:00.000Z', start));
  });

  it('records with each evaluation what its levels follow from', async () => {
    await scan(start);
    expect(await latestBudget()).toEqual(
      alertBudgetOf(policy, { falseAlarmsPerWeek: 1, testsOfTeam: testsOfModel(definition, policy) }),
    );
  });

  it('takes a new budget and a new model of the team from the next evaluation on', async () => {
    await scan(start);
    const first = await latestBudget();
    await changeAlertBudget(world.events, {
      team: definition.team,
      falseAlarmsPerWeek: 4,
      actor: systemActor('test'),
      now: start,
    });
    await registerModel(world.events, 'late-other');
    await change(world.events, 'late-other', start, [
      { type: 'AddVersion' },
      { type: 'DeployChampion', version: 1, trainingDataEnd: start },
    ]);
    await scan(hoursLater(1));
    expect(await latestBudget()).toMatchObject({ falseAlarmsPerWeek: 4, testsOfTeam: first!.testsOfTeam * 2 });
  });

  it('is replayed with its own levels and clear evaluations, whatever has become of the team since', async () => {
    world.hours.length = 0;
    const drifted = '2001-01-29T00:00:00.000Z';
    world.hours.push(
      ...hoursOf('2001-01-22T06:00:00.000Z', drifted, { shift: 0.4 }),
      ...hoursOf(drifted, hoursLater(240)),
    );
    const moments = [start, hoursLater(168), hoursLater(169), hoursLater(170)];
    for (const now of moments) await scan(now);
    await registerModel(world.events, 'late-other');
    await changeAlertBudget(world.events, {
      team: definition.team,
      falseAlarmsPerWeek: 9,
      actor: systemActor('test'),
      now: hoursLater(171),
    });
    const { items } = await world.evaluations.list(modelId, { limit: 9 });
    expect(items.map(({ verdict, breaches }) => [verdict, breaches?.[0]?.clearEvaluations])).toEqual([
      ['healthy', undefined],
      ['healthy', undefined],
      ['at-risk', 1],
      ['at-risk', 0],
    ]);
    for (const { evaluationId } of items) {
      expect(await replayEvaluation({ ...world, history }, { modelId, evaluationId })).toMatchObject({
        isIdentical: true,
      });
    }
  });

  it('leaves its levels to who looks at the past', async () => {
    await changeAlertBudget(world.events, {
      team: definition.team,
      falseAlarmsPerWeek: 4,
      actor: systemActor('test'),
      now: start,
    });
    await scan(start);
    const past = await evaluateOnDemand(world, { modelId, now: hoursLater(5), asOf: hoursLater(2) });
    expect(past.alertBudget).toEqual(await latestBudget());
  });
});
