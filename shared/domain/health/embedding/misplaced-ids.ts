import { quantile } from '../bins.ts';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { whyUnmatched } from './comparable.ts';
import { crossProduct, distance, dot, type Matrix, matrixOf, product, rowsOf } from './matrix.ts';
import { nearestRotation } from './nearest-rotation.ts';

type MisplacedIds = {
  /** Share of the rows, 0..1. */
  readonly value: number;
  readonly count: number;
  /** Row of the current version, and the row of the reference that it resembles instead; the clearest first. */
  readonly examples: readonly (readonly [number, number])[];
};

type Rows = readonly Float64Array[];

/** The rotation is fitted to the best rows, so that misplaced ones cannot bend it: up to 30 % may be. */
const fittedRatio = 0.7;
const refits = 3;
/** The upper quartile is a usual row's error as long as fewer than a quarter is misplaced. */
const usualError = 0.75;
/** Probability that noise makes a row look misplaced. */
const falseAlarm = 1e-3;
/** The own vectors of misplaced ids rank anywhere; those of noisy ids stay among the nearest. */
const foreignRatio = 0.1;
const shownExamples = 5;

/**
 * Ids that carry another id's vector, which a mean and kernel alignment hide when they are few. After a least trimmed
 * squares alignment (Rousseeuw 1984), with normal errors of the usual size, another id's vector must be likelier than
 * the own one by n / 0.001: noise exceeds a likelihood ratio of λ with a probability of at most 1 / λ (Ville 1939), and
 * there are n - 1 others. O(n² d).
 */
export function misplacedIds(reference: Matrix, current: Matrix): MisplacedIds | UndefinedStatistic {
  const reason = whyUnmatched(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const before = rowsOf(reference);
  const after = trimmedAlignment(before, current);
  const errors = squaredErrors(before, after);
  const tiny = (1e-12 * dot(reference.values, reference.values)) / reference.rows;
  const variance = Math.max(quantile(errors.slice().sort(), usualError), tiny) / reference.columns;
  const clear = 2 * variance * Math.log(reference.rows / falseAlarm);
  const found = after.flatMap((vector, row) => {
    const { other, squared } = nearestOther(before, vector, row);
    const excess = errors[row]! - squared;
    return excess > clear && isForeign(before, vector, row) ? [{ row, other, excess }] : [];
  });
  const clearest = oneForEach(found.toSorted((a, b) => b.excess - a.excess));
  return {
    value: clearest.length / reference.rows,
    count: clearest.length,
    examples: clearest.slice(0, shownExamples).map(({ row, other }) => [row, other] as const),
  };
}

/** Only one id can have another's vector. Where vectors crowd, many are near to the same one (Radovanović et al. 2010). */
function oneForEach<T extends { readonly other: number }>(found: readonly T[]): readonly T[] {
  return [...Map.groupBy(found, ({ other }) => other).values()].map(([first]) => first!);
}

/** Whether a tenth of the other rows has a direction nearer to the vector than the row's own: errors are not all normal. */
function isForeign(before: Rows, vector: Float64Array, self: number): boolean {
  const cosine = (row: Float64Array) => dot(vector, row) / (Math.sqrt(dot(row, row)) || 1);
  const own = cosine(before[self]!);
  const nearer = before.filter((row) => cosine(row) > own).length;
  return nearer >= foreignRatio * (before.length - 1);
}

function trimmedAlignment(before: Rows, current: Matrix): Rows {
  const unaligned = rowsOf(current);
  let kept = before.map((_, row) => row);
  let after = unaligned;
  for (let round = 0; round < refits; round += 1) {
    const [a, b] = [matrixOf(kept.map((row) => before[row]!)), matrixOf(kept.map((row) => unaligned[row]!))];
    after = rowsOf(product(current, nearestRotation(crossProduct(b, a)).rotation));
    kept = bestRows(squaredErrors(before, after));
  }
  return after;
}

function bestRows(errors: Float64Array): number[] {
  return Array.from(errors, (_, row) => row)
    .sort((x, y) => errors[x]! - errors[y]!)
    .slice(0, Math.max(1, Math.ceil(errors.length * fittedRatio)));
}

function squaredErrors(before: Rows, after: Rows): Float64Array {
  return Float64Array.from(after, (vector, row) => distance(vector, before[row]!) ** 2);
}

function nearestOther(before: Rows, vector: Float64Array, self: number) {
  let [other, nearest] = [self, Number.POSITIVE_INFINITY];
  for (let row = 0; row < before.length; row += 1) {
    if (row === self) continue;
    const away = distance(vector, before[row]!);
    if (away < nearest) [other, nearest] = [row, away];
  }
  return { other, squared: nearest ** 2 };
}
