import { describe, expect, it } from 'vitest';
import { workload } from '../../../scripts/cost/assumptions.ts';
import { caps } from '../../../scripts/cost/choices.ts';
import { aucVariance, hoursToDetect, shiftsToFind } from '../../../scripts/cost/detection.ts';
import { defaultCap } from '../../../scripts/cost/fleet.ts';
import { rowsNeeded } from '../../../shared/domain/health/verdict/rows-needed.ts';

const shift = (name: string) => shiftsToFind(workload).find((each) => each.name === name)!;

describe('rows that detection takes', () => {
  it('are those of the verdicts, with an eighth more for the reference', () => {
    const needed = rowsNeeded({
      effect: 0.1,
      alpha: workload.shortAlpha,
      degreesOfFreedom: 9,
      referenceRows: Number.POSITIVE_INFINITY,
      designEffect: workload.designEffect,
    });
    expect(shift('PSI 0.1').rows).toBe(Math.ceil(needed * 1.125));
  });

  it('take as many predictions as hold them', () => {
    expect(shift('PSI 0.25 in a segment of 5 %').predictions).toBe(20 * shift('PSI 0.25').rows);
    const { rows, predictions } = shift('accuracy 0.90 → 0.85');
    expect(predictions).toBe(Math.ceil(rows / workload.outcomeRatio));
  });

  it('fall with the size of the shift', () => {
    expect(shift('PSI 0.25').rows).toBeLessThan(shift('PSI 0.1').rows);
    expect(shift('accuracy 0.90 → 0.85').rows).toBeLessThan(shift('accuracy 0.90 → 0.88').rows);
    expect(shift('AUC 0.80 → 0.75').rows).toBeLessThan(shift('AUC 0.80 → 0.77').rows);
  });

  it('rest on the published standard error of an AUC: 0.893 with 51 and 58 rows has 0.032', () => {
    expect(Math.sqrt(aucVariance(0.893, 51, 58))).toBeCloseTo(0.0325, 4);
  });
});

describe('time to detect', () => {
  it('is an hour at least, and otherwise that of the rows', () => {
    const psi = shift('PSI 0.25');
    expect(hoursToDetect(psi, 1e9, 1e9)).toBe(1);
    expect(hoursToDetect(psi, 100, 10_000)).toBe(psi.predictions / 100);
    expect(hoursToDetect(psi, 1e9, 100)).toBe(psi.predictions / 100);
  });

  it('is what the default cap is chosen by: the smallest that finds a PSI of 0.1 within the hour', () => {
    const within = caps.filter((cap) => hoursToDetect(shift('PSI 0.1'), Number.POSITIVE_INFINITY, cap) <= 1);
    expect(Math.min(...within)).toBe(defaultCap);
  });
});
