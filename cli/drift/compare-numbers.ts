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
  const { binning, ...drift } = numericDrift(columns.reference, columns.current);
  const n = { reference: columns.reference.values.length, current: columns.current.values.length };
  const texts = { reference: columns.reference.textRows.length, current: columns.current.textRows.length };
  const counts = { reference: drift.bins.referenceCounts, current: drift.bins.currentCounts };
  const values = { reference: columns.reference.values, current: columns.current.values };
  const textRows = { reference: new Set(columns.reference.textRows), current: new Set(columns.current.textRows) };
  const binOf = binning.boundaries.length === 0 ? () => 0 : binIn(binning);
  const verdicts = judgeColumn(
    countedSides(name, 'ordered', counts, days, (side, row) => binOf(values[side][row]!)),
    {
      missing: sharedRows(
        `${name} (missing)`,
        n,
        drift.missing,
        days,
        (side, row) => Number.isNaN(values[side][row]!) && !textRows[side].has(row),
      ),
      infinite: sharedRows(
        `${name} (infinite)`,
        n,
        drift.infinite,
        days,
        (side, row) => Math.abs(values[side][row]!) === Number.POSITIVE_INFINITY,
      ),
      texts: sharedRows(`${name} (text)`, n, texts, days, (side, row) => textRows[side].has(row)),
    },
    strictness,
  );
  return { name, kind: 'numeric', n, ...drift, texts, ...verdicts };
}

/** The bin of a value by binary search; -1 for what is not finite. */
function binIn({ boundaries }: NumericBins): (value: number) => number {
  return (value) => {
    if (!Number.isFinite(value)) return -1;
    let [low, high] = [0, boundaries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { value: edge, test } = boundaries[middle]!;
      if (test === 'ge' ? value >= edge : value > edge) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
