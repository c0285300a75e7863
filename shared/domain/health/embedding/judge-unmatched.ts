import { type EmbeddingCheck, judgeCheck, statedCheck } from './embedding-check.ts';
import type { EmbeddingLimits } from './embedding-limits.ts';
import { combineChecks, type EmbeddingVerdict } from './embedding-verdict.ts';
import { judgeCollapse } from './judge-collapse.ts';
import { judgeLengths, significance } from './judge-coordinates.ts';
import { fewRows, leastRows, neededRows, otherDimension } from './judge-matched.ts';
import type { RowPair } from './judge-shape.ts';
import type { maximumMeanDiscrepancy, Random } from './maximum-mean-discrepancy.ts';
import type { MatchedRows } from './usable-rows.ts';

type Discrepancy = ReturnType<typeof maximumMeanDiscrepancy>;
type Settings = {
  readonly limits: EmbeddingLimits;
  readonly random: Random;
  readonly rows: MatchedRows;
  readonly comparison: 'versions' | 'windows';
};

/** Smallest p-value 0.002, so that at the significance of 0.01 a tie more or less decides nothing. */
export const permutations = 499;

/**
 * Populations whose rows cannot be matched by id. Collapse is seen without ids, where items went is not: between versions
 * nothing but a collapse can be said of the intrinsic side. One version that embeds two windows is the same function of
 * its input in both, so there a shift is of the population.
 */
export function judgeUnmatched(
  populations: RowPair,
  discrepancy: Discrepancy,
  settings: Settings,
): { readonly intrinsic: EmbeddingVerdict; readonly coordinates: EmbeddingVerdict } {
  const { limits, rows, comparison } = settings;
  const n = populations.reference.rows;
  const collapse = n < leastRows ? [] : judgeCollapse(populations, limits);
  const needs =
    comparison === 'windows' ? { n, nNeeded: neededRows(populations) } : { n: rows.shared, nNeeded: neededRows(rows) };
  return {
    intrinsic: combineChecks(collapse, needs, 'the same version embeds both windows, and it did not collapse'),
    coordinates: combineChecks(
      coordinateChecks(populations, discrepancy, settings),
      { n, nNeeded: fewRows },
      'the populations lie in the same place',
    ),
  };
}

function coordinateChecks(
  populations: RowPair,
  discrepancy: Discrepancy,
  settings: Settings,
): readonly EmbeddingCheck[] {
  const { reference, current } = populations;
  if (reference.rows > 0 && reference.columns !== current.columns) return [otherDimension(populations)];
  if (reference.rows < leastRows) return [];
  return [judgeDiscrepancy(reference.rows, discrepancy, settings.limits), judgeLengths(populations, settings)];
}

/** Do the populations come from one distribution? The root of the discrepancy is the effect. */
function judgeDiscrepancy(n: number, figures: Discrepancy, limits: EmbeddingLimits): EmbeddingCheck {
  const name = 'discrepancy';
  if (figures.value === null) return statedCheck(name, n, 'insufficient-data', `discrepancy: ${figures.reason}`);
  return judgeCheck({
    name,
    label: 'maximum mean discrepancy of the populations',
    value: Math.sqrt(Math.max(0, figures.unbiased ?? 0)),
    worse: 'higher',
    limits: limits.discrepancy,
    test: { pValue: figures.pValue ?? 1, significance },
    n,
  });
}
