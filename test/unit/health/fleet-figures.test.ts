import { expect, test } from 'vitest';
import { fleetFigures, type ScannedModel } from '../../../shared/domain/health/fleet-figures.ts';

const model = (change: Partial<ScannedModel> = {}): ScannedModel => ({
  tier: 1,
  outcome: 'evaluated',
  isAtRisk: false,
  coverageRatio: 0.95,
  minimumCoverageRatio: 0.8,
  waitedMinutes: 5,
  intervalMinutes: 5,
  ...change,
});

test('a fleet without models is measured as zeros, so that its alarms have data', () => {
  const { overall, byTier } = fleetFigures([]);
  expect(overall).toEqual({
    Evaluations: 0,
    EvaluationFailures: 0,
    LatenessIntervals: 0,
    LatenessMinutes: 0,
    ModelsLowCoverage: 0,
  });
  expect([...byTier.keys()]).toEqual([1, 2, 3, 4]);
});

test('lateness is that of the model that waits longest for its interval', () => {
  const { overall } = fleetFigures([
    model({ waitedMinutes: 40, intervalMinutes: 45 }),
    model({ waitedMinutes: 12, intervalMinutes: 5, outcome: 'failed' }),
  ]);
  expect(overall).toMatchObject({ LatenessIntervals: 2.4, LatenessMinutes: 7, Evaluations: 1, EvaluationFailures: 1 });
});

test('coverage counts where attribution windows have closed, against the model’s own limit', () => {
  const { overall } = fleetFigures([
    model({ coverageRatio: null }),
    model({ coverageRatio: 0.8 }),
    model({ coverageRatio: 0.79 }),
    model({ coverageRatio: 0.5, minimumCoverageRatio: 0.4 }),
  ]);
  expect(overall).toMatchObject({ ModelsLowCoverage: 1, LowestCoverage: 0.5 });
});

test('models are counted by tier, due or not', () => {
  const { byTier } = fleetFigures([
    model(),
    model({ tier: 3, isAtRisk: true, outcome: 'not-due' }),
    model({ tier: 3 }),
  ]);
  expect(byTier.get(1)).toEqual({ ModelsServing: 1, ModelsAtRisk: 0 });
  expect(byTier.get(3)).toEqual({ ModelsServing: 2, ModelsAtRisk: 1 });
});
