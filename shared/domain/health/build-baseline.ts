import type { Baseline } from './baseline.ts';
import { createBaselineCounter, type ReferenceWindow } from './baseline-counter.ts';
import { createBinFinder } from './bin-finder.ts';
import type { ReferenceRow } from './reference-row.ts';

/** Statistics of the rows of one reference window. `performance` is of the rows with a label, absent without any. */
export function buildBaseline({
  rows: iterable,
  ...window
}: ReferenceWindow & { readonly rows: Iterable<ReferenceRow> }): Baseline {
  const rows = [...iterable];
  const finder = createBinFinder(window.features);
  for (const row of rows) finder.add(row);
  const counter = createBaselineCounter(window, finder.found());
  for (const row of rows) counter.add(row);
  return counter.baseline();
}
