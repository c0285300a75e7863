import type { NumericBins } from '../../shared/domain/health/bins.ts';
import type { NumericColumn } from './column.ts';
import { type ColumnDrift, countedSides, type Days, type Sides, sharedRows } from './column-drift.ts';
import { judgeColumn, type Strictness } from './judge-column.ts';
import { numericDrift } from './numeric-drift.ts';

export function compareNumbers(
  name: string,
  columns: Sides<NumericColumn>,
  days: Days,
  strictness: Strictness,
): ColumnDrift {
  const { reference, current } = columns;
  const { binning, missing, infinite, bins, metrics } = numericDrift(reference, current);
  const described = {
    n: { reference: reference.values.length, current: current.values.length },
    missing,
    infinite,
    texts: { reference: reference.textRows.length, current: current.textRows.length },
  };
  const counts = { reference: bins.referenceCounts, current: bins.currentCounts };
  const values = countedSides(name, 'ordered', counts, days, (side, row) => binOf(binning, columns[side].values[row]!));
  const verdicts = judgeColumn(values, withoutNumber(name, columns, described, days), strictness);
  return { name, kind: 'numeric', ...described, bins, metrics, ...verdicts };
}

type Described = Readonly<Record<'n' | 'missing' | 'infinite' | 'texts', Sides<number>>>;

/** The rows that hold no number to compare, by what they hold instead. */
function withoutNumber(name: string, columns: Sides<NumericColumn>, described: Described, days: Days) {
  const { n, missing, infinite, texts } = described;
  const textRows = { reference: new Set(columns.reference.textRows), current: new Set(columns.current.textRows) };
  const valueIn = (side: keyof Sides<unknown>, row: number) => columns[side].values[row]!;
  return {
    missing: sharedRows(
      `${name} (missing)`,
      n,
      missing,
      days,
      (side, row) => Number.isNaN(valueIn(side, row)) && !textRows[side].has(row),
    ),
    infinite: sharedRows(
      `${name} (infinite)`,
      n,
      infinite,
      days,
      (side, row) => Math.abs(valueIn(side, row)) === Number.POSITIVE_INFINITY,
    ),
    texts: sharedRows(`${name} (text)`, n, texts, days, (side, row) => textRows[side].has(row)),
  };
}

/** By binary search; -1 for what is not finite. */
function binOf({ boundaries }: NumericBins, value: number): number {
  if (!Number.isFinite(value)) return -1;
  let [low, high] = [0, boundaries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { value: edge, test } = boundaries[middle]!;
    if (test === 'ge' ? value >= edge : value > edge) low = middle + 1;
    else high = middle;
  }
  return low;
}
