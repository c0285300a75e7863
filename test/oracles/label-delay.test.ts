import { describe, expect, it } from 'vitest';
import { arrivedBy, labelDelayModel } from '../../shared/domain/ground-truth/label-delay-model.ts';
import { maturityOf } from '../../shared/domain/ground-truth/label-maturity.ts';
import { labelSupplyOf } from '../../shared/domain/ground-truth/label-supply.ts';
import { totalCount } from '../../shared/domain/ground-truth/sparse-counts.ts';
import { dayMillis } from '../../shared/domain/time.ts';
import { cohortsAt, type Delayed } from '../unit/ground-truth/fixtures/delayed-labels.ts';
import { hasOracles, readCsv } from './data.ts';

const windowDays = 40;
const windowMinutes = windowDays * 1_440;
const trailingDays = 90;

/** Every prediction with the delay of its first label; one from before the prediction does not count. */
function rowsOf(dataset: string): readonly Delayed[] {
  const firstAt = new Map<string, number>();
  const rows = readCsv(`${dataset}/predictions.csv.gz`);
  const madeAt = new Map(rows.map((row) => [row.prediction_id, Number(row.ts)]));
  for (const { prediction_id: id = '', observed_at } of readCsv(`${dataset}/outcomes.csv.gz`)) {
    const at = Number(observed_at);
    if (at >= (madeAt.get(id) ?? Number.POSITIVE_INFINITY)) firstAt.set(id, Math.min(at, firstAt.get(id) ?? at));
  }
  return rows.map(({ prediction_id: id = '', ts }) => ({
    predictedAt: Number(ts) * 1_000,
    delayMinutes: ((firstAt.get(id) ?? Number.POSITIVE_INFINITY) - Number(ts)) / 60,
  }));
}

describe.skipIf(!hasOracles)('label delays of', () => {
  describe.each(['elec2', 'bank', 'bike'])('%s', (dataset) => {
    const rows = hasOracles ? rowsOf(dataset) : [];
    const start = Math.min(...rows.map(({ predictedAt }) => predictedAt));
    const now = start + 120 * dayMillis;
    const known = () =>
      cohortsAt(rows, now, windowMinutes).filter(({ from }) => from >= now - trailingDays * dayMillis);
    const model = () => labelDelayModel(known(), windowMinutes, now);

    it('are learned from the past and hold for what is predicted afterwards', () => {
      const later = rows.filter(({ predictedAt }) => predictedAt > now && predictedAt < now + 90 * dayMillis);
      for (const days of [1, 3, 10, 20, windowDays]) {
        const came = later.filter(({ delayMinutes }) => delayMinutes <= days * 1_440).length / later.length;
        // Four standard errors of what is compared with, and a half per cent for the model's own.
        const tolerance = 4 * Math.sqrt((came * (1 - came)) / later.length) + 0.005;
        expect(Math.abs(arrivedBy(model(), days * 1_440)! - came), `${days} days`).toBeLessThan(tolerance);
      }
    });

    it('leave the plateau of those that never come', () => {
      expect(model().eventualShare).toBeGreaterThan(0.93);
      expect(model().eventualShare).toBeLessThan(0.975);
    });

    it('say how many labels the last ten days have and will have', () => {
      const recent = known().filter(({ from }) => from >= now - 10 * dayMillis);
      const counted = recent.map((cohort) => ({ ...cohort, attributed: totalCount(cohort.delays) }));
      const { predictions, attributed, expectedRatio, maturity } = maturityOf(model(), counted, now);
      expect(Math.abs(attributed / predictions - expectedRatio!)).toBeLessThan(0.04);
      const from = new Set(recent.map((cohort) => cohort.from));
      const inTheEnd = cohortsAt(rows, now + 50 * dayMillis, windowMinutes).filter((cohort) => from.has(cohort.from));
      const eventually = inTheEnd.reduce((sum, { delays }) => sum + totalCount(delays), 0);
      expect(Math.abs(attributed / eventually - maturity!)).toBeLessThan(0.05);
      const expectation = { model: model(), now, minimumCoverageRatio: 0.8, isPositiveOnly: false };
      expect(labelSupplyOf(counted, expectation).status).toBe('immature');
    });
  });
});
