import { binCount, binIndex, numericBins } from '../../shared/domain/health/bins.ts';
import { categoryCounts } from '../../shared/domain/health/statistics/category-counts.ts';

export type Sides = { readonly reference: readonly Cell[]; readonly current: readonly Cell[] };
type Cell = number | string | null;

/** Valid values of both sides counted on the bins of the reference; of categories, on the union of both. */
export function countedPair(kind: string, { reference, current }: Sides) {
  if (kind !== 'numeric') {
    const { reference: left, current: right } = categoryCounts(reference.map(text), current.map(text));
    return { reference: left, current: right };
  }
  const bins = numericBins(reference.filter((value) => typeof value === 'number'));
  const counted = (values: readonly Cell[]) => {
    const counts = Array.from({ length: binCount(bins) }, () => 0);
    for (const value of values) {
      const index = binIndex(bins, value);
      if (typeof index === 'number') counts[index]! += 1;
    }
    return counts;
  };
  return { reference: counted(reference), current: counted(current) };
}

function text(value: Cell): string | null {
  return value === null ? null : String(value);
}
