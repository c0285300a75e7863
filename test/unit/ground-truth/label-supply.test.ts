import { describe, expect, it } from 'vitest';
import { labelDelayModel } from '../../../shared/domain/ground-truth/label-delay-model.ts';
import { labelSupplyOf } from '../../../shared/domain/ground-truth/label-supply.ts';
import { totalCount } from '../../../shared/domain/ground-truth/sparse-counts.ts';
import { seededRandom } from '../../../shared/domain/seeded-random.ts';
import { dayMillis, hourMillis } from '../../../shared/domain/time.ts';
import { cohortsAt, type Delayed, exponential, stream } from './fixtures/delayed-labels.ts';

const windowMinutes = 1_440;
const days = 12;
const now = days * dayMillis;

/** Labels of a share of the predictions; from `brokenFrom` on only `kept` of those come. */
function supply(options: {
  never: number;
  brokenFrom?: number;
  kept?: number;
  isPositiveOnly?: boolean;
  minimum?: number;
}) {
  const { never, brokenFrom = Number.POSITIVE_INFINITY, kept = 1, isPositiveOnly = false, minimum = 0.8 } = options;
  const random = seededRandom(7);
  const rows = stream(days * 24, 100, () => exponential(random, 120, never), random).map((row): Delayed => {
    const isLost = row.predictedAt >= brokenFrom && random() >= kept;
    return isLost ? { ...row, delayMinutes: Number.POSITIVE_INFINITY } : row;
  });
  const cohorts = cohortsAt(rows, now, windowMinutes);
  const model = labelDelayModel(cohorts, windowMinutes, now);
  const counted = cohorts.map((cohort) => ({ ...cohort, attributed: totalCount(cohort.delays) }));
  return (from: number, to = now) =>
    labelSupplyOf(
      counted.filter((cohort) => cohort.from >= from && cohort.to <= to),
      { model, now, minimumCoverageRatio: minimum, isPositiveOnly },
    );
}

describe('the supply of labels', () => {
  it('of a young window is immature, not short', () => {
    const of = supply({ never: 0.05 });
    expect(of(now - 2 * hourMillis)).toMatchObject({ status: 'immature' });
    expect(of(now - 2 * hourMillis).of.labelledRatio).toBeLessThan(0.5);
    expect(of(now - dayMillis)).toMatchObject({ status: 'sufficient' });
  });

  it('of an idle endpoint lacks nothing', () => {
    expect(supply({ never: 0.05 })(now)).toMatchObject({ status: 'idle', of: { predictions: 0 } });
  });

  it('is short when labels stop coming, long before the window of the predictions closes', () => {
    const of = supply({ never: 0.05, brokenFrom: now - dayMillis, kept: 0.2 });
    const today = of(now - 0.8 * dayMillis, now);
    expect(today).toMatchObject({ status: 'short' });
    expect(today.receivedRatio).toBeLessThan(0.3);
    expect(of(0, now - 2 * dayMillis)).toMatchObject({ status: 'sufficient' });
  });

  it('is short where coverage is below what the policy accepts, however usual that is', () => {
    const of = supply({ never: 0.4 });
    expect(of(0)).toMatchObject({ status: 'short' });
    expect(of(0).receivedRatio).toBeCloseTo(1, 1);
    expect(supply({ never: 0.4, minimum: 0.5 })(0)).toMatchObject({ status: 'sufficient' });
  });

  it('is short where an accepted coverage falls below what is usual', () => {
    const lost = { never: 0.4, minimum: 0.3, brokenFrom: now - 2 * dayMillis, kept: 0.6 };
    expect(supply(lost)(now - 2 * dayMillis)).toMatchObject({ status: 'short' });
  });

  it('of positives only is held against their usual rate', () => {
    const usual = supply({ never: 0.97, isPositiveOnly: true });
    expect(usual(now - 3 * dayMillis)).toMatchObject({ status: 'sufficient' });
    const broken = supply({ never: 0.97, isPositiveOnly: true, brokenFrom: now - 3 * dayMillis, kept: 0.3 });
    expect(broken(now - 3 * dayMillis)).toMatchObject({ status: 'short' });
    expect(supply({ never: 0.97 })(now - 3 * dayMillis)).toMatchObject({ status: 'short' });
  });

  it('of few positives is not called short by chance', () => {
    const of = supply({ never: 0.997, isPositiveOnly: true, brokenFrom: now - dayMillis, kept: 0.5 });
    expect(of(now - dayMillis)).toMatchObject({ status: 'sufficient' });
  });

  it('is unknown until a cohort has reached its end, and short when none ever had a label', () => {
    const cohort = { from: 0, to: hourMillis, predictions: 10, attributed: 0 };
    const judged = (hours: number) => {
      const at = hours * hourMillis;
      const model = labelDelayModel([{ ...cohort, delays: {} }], windowMinutes, at);
      return labelSupplyOf([cohort], { model, now: at, minimumCoverageRatio: 0.8, isPositiveOnly: false }).status;
    };
    expect(judged(5)).toBe('unknown');
    expect(judged(30)).toBe('short');
  });
});
