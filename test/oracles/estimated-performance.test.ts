import { describe, expect, it } from 'vitest';
import { performanceOf } from '../../shared/domain/ground-truth/performance.ts';
import { aucOf } from '../../shared/domain/ground-truth/performance-metrics.ts';
import { scoreCountsOf } from '../../shared/domain/health/estimation/binned-calibration.ts';
import { expectedLoss, fitDirectLoss } from '../../shared/domain/health/estimation/direct-loss-estimation.ts';
import { aucReference, estimatedRocAuc } from '../../shared/domain/health/estimation/estimated-roc-auc.ts';
import { hasOracles, readCsv, type Table } from './data.ts';
import { labelledWindows } from './labelled-windows.ts';

const aucDrop = 0.05;

/** How estimates would have done. They may warn, and this is why they may no more. */
describe.skipIf(!hasOracles)('estimated performance of real windows', () => {
  const truths = hasOracles ? readCsv('performance-truth.csv') : [];

  it('sees none of the 13 degraded AUCs, and is withdrawn where it says the contrary', () => {
    const windows = new Map(['bank', 'elec2'].map((dataset) => [dataset, labelledWindows(dataset)]));
    const tried = truths
      .filter(({ metric }) => metric === 'rocAuc')
      .map(({ dataset = '', window = '', model = '', label = '' }) => {
        const sumsOf = (name: string) => binarySums(windows.get(dataset)!.get(name)!, `score_${model}`);
        const [before, after] = [sumsOf('reference'), sumsOf(window)];
        const estimate = estimatedRocAuc(aucReference(before)!, scoreCountsOf(after))!;
        const realized = aucOf(after)!.auc;
        const isHeld = Math.abs(realized - estimate.value) <= estimate.band;
        const isWarned = estimate.drop >= aucDrop && estimate.drop > estimate.band;
        console.log(
          `${dataset} ${window} ${model} ${label}: estimated ${estimate.value.toFixed(3)} ± ${estimate.band.toFixed(3)}, realized ${realized.toFixed(3)}, ${isHeld ? 'held' : 'missed'}${isWarned ? ', warned' : ''}`,
        );
        return { of: `${dataset} ${model}`, label, isHeld, isWarned };
      });
    const held = tried.filter(({ isHeld }) => isHeld).length;
    const series = [...Map.groupBy(tried, ({ of }) => of)];
    for (const [of, results] of series) {
      const first = results.findIndex(({ isHeld }) => !isHeld);
      console.log(
        `${of}: ${first < 0 ? 'never withdrawn' : `withdrawn after window ${first + 1} of ${results.length}`}`,
      );
    }
    const degraded = tried.filter(({ label }) => label === 'degraded');
    console.log(
      `CBPE: ${held} of ${tried.length} windows in the band, ${degraded.filter(({ isWarned }) => isWarned).length} of ${degraded.length} degraded ones warned of`,
    );
    expect(degraded).toHaveLength(13);
    expect(degraded.filter(({ isWarned }) => isWarned)).toEqual([]);
    expect(degraded.filter(({ isHeld }) => isHeld)).toEqual([]);
    expect(series.every(([, results]) => results.some(({ isHeld }) => !isHeld))).toBe(true);
  });

  it('of squared errors learns the level from the prediction only', () => {
    const bike = labelledWindows('bike');
    const ratings = labelledWindows('movietweetings', 'rating_predictions', 'rating');
    const series = [
      ...['a', 'b'].map((model) => ({ of: `bike ${model}`, windows: bike, score: `score_${model}` })),
      { of: 'movietweetings', windows: ratings, score: 'score' },
    ];
    const tried = series.flatMap(({ of, windows, score }) => {
      const table = fitDirectLoss(...losses(windows.get('reference')!, score));
      if ('value' in table) throw new Error(table.reason);
      return [...windows].flatMap(([window, rows]) => {
        if (window === 'train' || window === 'reference') return [];
        const [predictions, errors] = losses(rows, score);
        const estimate = expectedLoss(table, predictions);
        if (estimate.value === null) throw new Error(estimate.reason);
        const realized = errors.reduce((sum, error) => sum + error / errors.length, 0);
        const isHeld = Math.abs(realized - estimate.value) <= 3 * estimate.standardError;
        console.log(
          `${of} ${window}: RMSE estimated ${Math.sqrt(estimate.value).toFixed(2)}, realized ${Math.sqrt(realized).toFixed(2)}, ${isHeld ? 'held' : 'missed'}, ${(100 * estimate.outsideSupportRatio).toFixed(1)} % beyond the support`,
        );
        return [{ of, isHeld }];
      });
    });
    const held = (of: string) => tried.filter((each) => each.of.startsWith(of) && each.isHeld).length;
    console.log(`DLE: ${tried.filter(({ isHeld }) => isHeld).length} of ${tried.length} windows in the band`);
    expect(tried.filter(({ of }) => of.startsWith('bike'))).toHaveLength(8);
    expect(held('bike')).toBe(0);
  });
});

function binarySums(rows: Table, score: string) {
  const labelled = rows.map((row) => ({ score: Number(row[score]), label: Number(row.label) }));
  const sums = performanceOf('binary', labelled);
  if (sums.kind !== 'binary') throw new Error('expected binary sums');
  return sums;
}

function losses(rows: Table, score: string): readonly [readonly number[], readonly number[]] {
  const predictions = rows.map((row) => Number(row[score]));
  return [predictions, rows.map((row, i) => (predictions[i]! - Number(row.label)) ** 2)];
}
