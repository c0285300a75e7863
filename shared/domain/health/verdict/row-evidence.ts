import { chiSquareTail } from '../chi-square-tail.ts';
import { gTest } from '../g-test.ts';
import { totalOf } from '../smoothed-shares.ts';
import { chiSquareTest } from '../statistics/chi-square-test.ts';
import { fisherExactTest } from '../statistics/fisher-exact-test.ts';
import { inGroups, leastExpected } from './group-sparse-bins.ts';

type Counts = readonly number[];

/**
 * p-value of two counts on the same bins when rows are independent. Groups of bins that χ² can judge: the larger of
 * Pearson's χ² and the likelihood ratio G, of which in small samples now the one and now the other rejects too often
 * (docs/calibration.md). Each bin that is too sparse for χ², where a new value would vanish in a group: Fisher's exact
 * test. Taken together by Bonferroni. null when fewer than two bins hold a row.
 */
export function rowEvidence(reference: Counts, current: Counts, groups: readonly (readonly number[])[]): number | null {
  const ofGroups = groupEvidence(inGroups(reference, groups), inGroups(current, groups));
  const ofSparse = sparseEvidence(reference, current);
  if (ofGroups === null || ofSparse === null) return ofGroups ?? ofSparse;
  return Math.min(1, 2 * Math.min(ofGroups, ofSparse));
}

function groupEvidence(reference: Counts, current: Counts): number | null {
  const pearson = chiSquareTest(reference, current);
  const likelihoodRatio = gTest(reference, current);
  if (pearson.value === null || likelihoodRatio.value === null || pearson.degreesOfFreedom === 0) return null;
  return chiSquareTail(Math.min(pearson.value, likelihoodRatio.value), pearson.degreesOfFreedom);
}

function sparseEvidence(reference: Counts, current: Counts): number | null {
  const [n, m] = [totalOf(reference), totalOf(current)];
  const expected = (bin: number) => ((reference[bin]! + current[bin]!) * Math.min(n, m)) / (n + m);
  const held = reference.flatMap((_, bin) => (expected(bin) > 0 ? [bin] : []));
  const sparse = held.filter((bin) => expected(bin) < leastExpected);
  if (held.length < 2 || sparse.length === 0) return null;
  const pValues = sparse.map(
    (bin) => fisherExactTest({ count: reference[bin]!, n }, { count: current[bin]!, n: m }).pValue ?? 1,
  );
  return Math.min(1, sparse.length * Math.min(...pValues));
}
