import { allRows, bootstrapInterval, type Interval } from './bootstrap-interval.ts';
import { centroidShift } from './centroid-shift.ts';
import { type EmbeddingCheck, judgeCheck, statedCheck } from './embedding-check.ts';
import type { EmbeddingLimits } from './embedding-limits.ts';
import type { RowPair } from './judge-shape.ts';
import type { Matrix } from './matrix.ts';
import type { Random } from './maximum-mean-discrepancy.ts';
import { normRatio } from './norm-ratio.ts';
import { meanLength, quantileOf, rowCosines } from './row-statistics.ts';
import { signFlipTest } from './sign-flip-test.ts';

type Settings = { readonly limits: EmbeddingLimits; readonly random: Random };

export const significance = 0.01;
const flips = 499;

/** Can a consumer that was trained on the reference's coordinates read the current ones? Rows are matched. */
export function judgeCoordinates(rows: RowPair, settings: Settings): readonly EmbeddingCheck[] {
  return [judgeCosine(rows, settings), judgeCentre(rows, settings), judgeLengths(rows, settings)];
}

function judgeCosine({ reference, current }: RowPair, { limits, random }: Settings): EmbeddingCheck {
  const cosines = rowCosines(reference, current);
  const name = 'rawCosineQ05';
  if (cosines.length === 0)
    return statedCheck(name, reference.rows, 'insufficient-data', 'raw cosine: no row has a direction in a version');
  const statistic = quantileOf(cosines, 0.05);
  return judgeCheck({
    name,
    label: '5 % quantile of the raw cosine',
    value: allRows(statistic),
    worse: 'lower',
    limits: limits.rawCosineQ05,
    interval: bootstrapInterval(statistic, undefined, random),
    n: cosines.length,
  });
}

/** The paired test is evidence that the rows moved together, the shift in units of the spread is the effect. */
function judgeCentre({ reference, current }: RowPair, { limits, random }: Settings): EmbeddingCheck {
  const [name, n] = ['centroidShift', reference.rows];
  const shift = centroidShift(reference, current);
  const test = signFlipTest(reference, current, { flips, random });
  if (shift.value === null || shift.overSpread === null || test.value === null)
    return statedCheck(name, n, 'insufficient-data', 'centroid shift: the reference has no spread to compare it with');
  return judgeCheck({
    name,
    label: 'shift of the centroid over the reference’s spread',
    value: shift.overSpread,
    worse: 'higher',
    limits: limits.centroidShiftOverSpread,
    test: { pValue: test.pValue, significance },
    n,
  });
}

/** By how much vectors became longer or shorter. Rows need not match: each side is resampled on its own. */
export function judgeLengths({ reference, current }: RowPair, { limits, random }: Settings): EmbeddingCheck {
  const n = Math.min(reference.rows, current.rows);
  const ratio = normRatio(reference, current);
  if (ratio.value === null) return statedCheck('normRatio', n, 'insufficient-data', `norm ratio: ${ratio.reason}`);
  const isShorter = ratio.value < 1;
  const worse = isShorter ? 'lower' : 'higher';
  const factor = (limit: number) => (isShorter ? 1 / limit : limit);
  return judgeCheck({
    name: 'normRatio',
    label: 'mean length over the reference’s',
    value: ratio.value,
    worse,
    limits: { warning: factor(limits.lengthFactor.warning), breach: factor(limits.lengthFactor.breach) },
    interval: lengthInterval(reference, current, random),
    n,
  });
}

function lengthInterval(reference: Matrix, current: Matrix, random: Random): Interval | undefined {
  const logarithm = (matrix: Matrix) => {
    const { rows, of } = meanLength(matrix);
    return { rows, of: (drawn: Uint32Array) => Math.log(of(drawn)) };
  };
  const interval = bootstrapInterval(logarithm(current), logarithm(reference), random);
  return interval && { low: Math.exp(interval.low), high: Math.exp(interval.high) };
}
