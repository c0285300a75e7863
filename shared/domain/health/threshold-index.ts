/**
 * Ascending thresholds with equal cells over their range, which say where to start counting. The deciles of a sample
 * spread over the cells, so that a value seldom meets more than one comparison, and its branch is seldom mispredicted.
 */
export type ThresholdIndex = {
  readonly thresholds: Float64Array;
  readonly low: number;
  readonly cellsPerUnit: number;
  /** By cell: how many thresholds lie in the cells before. */
  readonly passed: Uint16Array;
};

const lastCell = 63;

export function thresholdIndex(thresholds: Float64Array): ThresholdIndex {
  const low = thresholds[0] ?? 0;
  const cellsPerUnit = lastCell / ((thresholds.at(-1) ?? 0) - low);
  // A range of nothing or beyond all doubles: one cell, from which everything is counted.
  const index = { thresholds, low, cellsPerUnit: Number.isFinite(cellsPerUnit) ? cellsPerUnit : 0 };
  const passed = Uint16Array.from(
    { length: lastCell + 1 },
    (_, cell) => thresholds.filter((threshold) => cellOf(index, threshold) < cell).length,
  );
  return { ...index, passed };
}

/**
 * Number of thresholds that are at most x, which is finite. Exact whatever the rounding: the cell never falls while x
 * rises, so a threshold in an earlier cell is below x.
 */
export function thresholdsPassed(index: ThresholdIndex, x: number): number {
  const { thresholds } = index;
  let passed = index.passed[cellOf(index, x)]!;
  while (passed < thresholds.length && x >= thresholds[passed]!) passed += 1;
  return passed;
}

function cellOf({ low, cellsPerUnit }: Pick<ThresholdIndex, 'low' | 'cellsPerUnit'>, x: number): number {
  const cell = (x - low) * cellsPerUnit;
  if (cell >= lastCell) return lastCell;
  // What is not a number, for it overflowed, starts at the first cell.
  return cell > 0 ? Math.trunc(cell) : 0;
}
