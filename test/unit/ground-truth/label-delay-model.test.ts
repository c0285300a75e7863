import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrivedBy,
  arrivedOf,
  type LabelCohort,
  labelDelayModel,
} from '../../../shared/domain/ground-truth/label-delay-model.ts';
import { maturityOf } from '../../../shared/domain/ground-truth/label-maturity.ts';
import { totalCount } from '../../../shared/domain/ground-truth/sparse-counts.ts';
import { seededRandom } from '../../../shared/domain/seeded-random.ts';
import { dayMillis, hourMillis } from '../../../shared/domain/time.ts';
import { cohortsAt, exponential, stream } from './fixtures/delayed-labels.ts';

const windowMinutes = 2_880;
const never = 0.1;
const meanMinutes = 360;
/** Share of predictions with a label by that age. */
const truth = (minutes: number) => (1 - never) * (1 - Math.exp(-Math.max(0, minutes - 30) / meanMinutes));

function simulate(seed: number, days: number, perHour: number) {
  const random = seededRandom(seed);
  const rows = stream(days * 24, perHour, () => exponential(random, meanMinutes, never), random);
  return { rows, now: days * dayMillis };
}
const counted = (cohorts: readonly LabelCohort[]) =>
  cohorts.map((cohort) => ({ ...cohort, attributed: totalCount(cohort.delays) }));

describe('the label-delay model', () => {
  it('finds the curve and the plateau of a stream whose newest labels are still to come', () => {
    const { rows, now } = simulate(1, 10, 400);
    const model = labelDelayModel(cohortsAt(rows, now, windowMinutes), windowMinutes, now);
    for (const minutes of [60, 180, 360, 720, 1_440, windowMinutes])
      expect(arrivedBy(model, minutes)).toBeCloseTo(truth(minutes), 2);
    expect(model.eventualShare).toBeCloseTo(truth(windowMinutes), 2);
  });

  it('is not biased by what is censored, as the share of labels to date is', () => {
    const { rows, now } = simulate(2, 3, 400);
    const cohorts = cohortsAt(rows, now, windowMinutes);
    const model = labelDelayModel(cohorts, windowMinutes, now);
    expect(model.labels / model.predictions).toBeLessThan(truth(windowMinutes) - 0.05);
    expect(model.eventualShare).toBeCloseTo(truth(windowMinutes), 1.7);
  });

  it('knows how far off it may be: 95 % of its intervals hold the truth', () => {
    const age = 724.077;
    let held = 0;
    for (let seed = 0; seed < 300; seed += 1) {
      const { rows, now } = simulate(1_000 + seed, 3, 10);
      const model = labelDelayModel(cohortsAt(rows, now, windowMinutes), windowMinutes, now);
      const bin = model.ends.findIndex((end) => Math.abs(end - age) < 0.01);
      if (Math.abs(model.arrived[bin]! - truth(age)) <= 1.96 * model.standardErrors[bin]!) held += 1;
    }
    expect(held / 300).toBeGreaterThan(0.92);
    expect(held / 300).toBeLessThan(0.98);
  });

  it('is the empirical share where nothing is censored', () => {
    const cohorts = [
      { from: 0, to: hourMillis, predictions: 10, delays: { 0: 2, 24: 3 } },
      { from: hourMillis, to: 2 * hourMillis, predictions: 10, delays: { 24: 3 } },
    ];
    const model = labelDelayModel(cohorts, 120, 100 * hourMillis);
    expect(arrivedBy(model, 1)).toBeCloseTo(0.1, 12);
    expect(model.eventualShare).toBeCloseTo(0.4, 12);
    // Greenwood 1926, equal to the binomial one without censoring.
    expect(model.standardErrors.at(-1)).toBeCloseTo(Math.sqrt((0.4 * 0.6) / 20), 12);
  });

  it('says nothing of the end before a cohort has reached it', () => {
    const { rows, now } = simulate(3, 1, 50);
    const model = labelDelayModel(cohortsAt(rows, now, windowMinutes), windowMinutes, now);
    expect(model.eventualShare).toBeNull();
    expect(arrivedBy(model, windowMinutes)).toBeNull();
    expect(arrivedBy(model, 600)).toBeCloseTo(truth(600), 1);
    expect(labelDelayModel([], windowMinutes, now)).toMatchObject({ eventualShare: null, arrived: [] });
  });

  it('follows labels that arrive after the window that they were observed in', () => {
    const cohorts = [{ from: 0, to: hourMillis, predictions: 10, delays: { 42: 8 } }];
    const model = labelDelayModel(cohorts, 60, 100 * hourMillis);
    expect(arrivedBy(model, 600)).toBe(0);
    expect(model.eventualShare).toBeCloseTo(0.8, 12);
    expect(arrivedOf(model, { from: 0, to: hourMillis }, 2 * hourMillis)).toBe(0);
  });

  it('does not depend on the order of cohorts, rises with age and stays a share', () => {
    const cohort = fc.record({
      from: fc.integer({ min: 0, max: 200 }).map((hour) => hour * hourMillis),
      predictions: fc.integer({ min: 1, max: 50 }),
      delays: fc.dictionary(fc.integer({ min: 0, max: 50 }).map(String), fc.integer({ min: 1, max: 9 })),
    });
    const seen = fc.array(
      cohort.map((each) => ({ ...each, to: each.from + hourMillis })),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(seen, fc.integer({ min: 0, max: 300 }), (cohorts, hours) => {
        const model = labelDelayModel(cohorts, 1_440, hours * hourMillis);
        const turned = labelDelayModel(cohorts.toReversed(), 1_440, hours * hourMillis);
        expect(turned).toEqual(model);
        let before = 0;
        for (const share of model.arrived) {
          expect(share).toBeGreaterThanOrEqual(before);
          expect(share).toBeLessThanOrEqual(1);
          before = share;
        }
      }),
    );
  });
});

describe('maturity', () => {
  const { rows, now } = simulate(4, 10, 200);
  const model = labelDelayModel(cohortsAt(rows, now, windowMinutes), windowMinutes, now);
  const window = (from: number, to: number, at: number) => {
    const held = cohortsAt(rows, at, windowMinutes).filter((each) => each.from >= from && each.to <= to);
    return maturityOf(model, counted(held), at);
  };
  const day = [7 * dayMillis, 8 * dayMillis] as const;

  it('of a window grows with its age and ends at 1', () => {
    const ages = [0, 2, 6, 12, 24, 48].map((hours) => window(...day, 8 * dayMillis + hours * hourMillis));
    const maturities = ages.map(({ maturity }) => maturity!);
    expect(maturities).toEqual(maturities.toSorted((a, b) => a - b));
    expect(maturities[0]).toBeLessThan(0.75);
    expect(maturities.at(-1)).toBe(1);
  });

  it.each([0, 2, 6, 12, 24])('foretells the labels that a day has %d hours after its end', (hours) => {
    const { labelledRatio, expectedRatio } = window(...day, 8 * dayMillis + hours * hourMillis);
    expect(labelledRatio).toBeCloseTo(expectedRatio!, 1.5);
  });

  it('of an hour that runs counts what was predicted so far', () => {
    const running = { from: 0, to: hourMillis, predictions: 10, attributed: 0 };
    const half = maturityOf(model, [running], hourMillis / 2);
    expect(half.expectedRatio).toBeCloseTo(0, 3);
    expect(maturityOf(model, [running], 3 * hourMillis).expectedRatio).toBeGreaterThan(0.2);
  });

  it('is unknown without a prediction or without a model', () => {
    const nothing = { predictions: 0, attributed: 0, labelledRatio: null, expectedRatio: null, maturity: null };
    expect(maturityOf(model, [], now)).toEqual(nothing);
    const cohort = { from: 0, to: hourMillis, predictions: 4, attributed: 1 };
    expect(maturityOf(undefined, [cohort], now)).toMatchObject({ labelledRatio: 0.25, maturity: null });
  });
});
