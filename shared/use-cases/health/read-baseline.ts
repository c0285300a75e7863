import type { Baseline } from '../../domain/health/baseline.ts';
import { createBaselineCounter, type ReferenceWindow } from '../../domain/health/baseline-counter.ts';
import { createBinFinder } from '../../domain/health/bin-finder.ts';
import type { ReferenceColumnNames } from '../../domain/registry/schemas.ts';
import type { ReferenceFile } from '../../ports/reference-files.ts';

/**
 * The baseline of a file, which is read twice and never held: first where bins are to be cut, then how many rows fall
 * into each. The same file gives the same baseline. Throws `ArtifactUnusable`.
 */
export async function readBaseline(
  file: ReferenceFile,
  window: ReferenceWindow & { readonly columns?: ReferenceColumnNames | undefined },
): Promise<Baseline> {
  const finder = createBinFinder(window.features);
  for await (const rows of file.rows(window)) for (const row of rows) finder.add(row);
  const counter = createBaselineCounter(window, finder.found());
  for await (const rows of file.rows(window)) for (const row of rows) counter.add(row);
  return counter.baseline();
}
