import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import studentCdf from '@stdlib/stats-base-dists-t-cdf';
import type { Verdict } from '../verdict.ts';
import { compare } from './compare.ts';
import type { Comparison } from './comparison.ts';
import { designEffect } from './design-effect.ts';
import type { SliceGate } from './gate.ts';
import { type HoldoutColumns, sliceOf } from './holdout-columns.ts';
import { holm } from './holm.ts';

export type SliceResult = {
  readonly segment: string;
  readonly value: string;
  readonly metric: SliceGate['metric'];
  readonly n: number;
  readonly champion: number;
  readonly candidate: number;
  readonly improvement: number;
  readonly maximumRegression: number;
  /** One-sided, of a regression beyond the tolerated one; widened as the interval of a gate is. */
  readonly pValue: number;
  readonly regressed: boolean;
};

export type SlicesResult = {
  readonly verdict: Verdict;
  readonly judged: number;
  /** Slices with too few rows, or of one class only where both are needed. */
  readonly thin: number;
  /** Those with the strongest evidence of a regression, strongest first. */
  readonly worst: readonly SliceResult[];
  readonly reason: string;
};

const defaultMinimumRows = 100;
// A head holds them, and nobody reads more.
const maximumListed = 20;

/**
 * `fail`: at least one slice is shown to have regressed beyond what is tolerated, the family-wise error over all slices
 * of all gates at the level (Holm 1979). What is not shown passes: to show of each of many small slices that it has *not*
 * regressed would take more rows than hold-outs have. Where no slice has enough rows it is `inconclusive`.
 */
export function judgeSlices(
  columns: HoldoutColumns,
  gates: readonly SliceGate[],
  significance: number,
): SlicesResult | undefined {
  if (gates.length === 0) return undefined;
  const slices = gates.flatMap((gate) =>
    (columns.segments.get(gate.segment)?.values ?? []).map((value, code) => judgeSlice(columns, gate, value, code)),
  );
  const judged = slices.filter((slice) => slice !== undefined);
  const regressed = holm(
    judged.map(({ pValue }) => pValue),
    significance,
  );
  const results = judged
    .map((slice, index) => ({ ...slice, regressed: regressed[index]! }))
    .sort((a, b) => a.pValue - b.pValue);
  const failed = results.filter((slice) => slice.regressed);
  const verdict = failed.length > 0 ? 'fail' : judged.length === 0 ? 'inconclusive' : 'pass';
  const thin = slices.length - judged.length;
  const counts = { verdict, judged: judged.length, thin } as const;
  return { ...counts, worst: results.slice(0, maximumListed), reason: describe(counts, failed) };
}

function judgeSlice(
  columns: HoldoutColumns,
  gate: SliceGate,
  value: string,
  code: number,
): Omit<SliceResult, 'regressed'> | undefined {
  const slice = sliceOf(columns, gate.segment, code);
  const n = slice.labels.length;
  if (n < (gate.minimumRows ?? defaultMinimumRows) || slice.blockCount < 2) return undefined;
  const comparison = compare(slice, gate);
  if (comparison === undefined) return undefined;
  const { segment, metric, maximumRegression } = gate;
  const { champion, candidate, improvement } = comparison;
  const pValue = regressionPValue(comparison, slice, -maximumRegression);
  return { segment, value, metric, n, champion, candidate, improvement, maximumRegression, pValue };
}

function regressionPValue(comparison: Comparison, columns: HoldoutColumns, limit: number): number {
  const z = comparison.standardErrorsAbove(limit);
  const { degreesOfFreedom } = comparison;
  const ofRows = degreesOfFreedom === undefined ? normalCdf(z, 0, 1) : studentCdf(z, degreesOfFreedom);
  const effect = designEffect(comparison, columns);
  return effect > 1 ? Math.max(ofRows, studentCdf(z / Math.sqrt(effect), columns.blockCount - 1)) : ofRows;
}

function describe({ judged, thin }: Pick<SlicesResult, 'judged' | 'thin'>, failed: readonly SliceResult[]): string {
  const few = thin > 0 ? `, ${thin} more with too few rows` : '';
  if (judged === 0) return `slices inconclusive: none has enough rows${few}`;
  if (failed.length === 0) return `slices pass (${judged} judged${few})`;
  const named = failed.slice(0, 5).map(({ segment, value, metric, improvement, n }) => {
    const drop = Number(Math.abs(improvement).toPrecision(4));
    return `${segment} ${JSON.stringify(value)}: ${metric} ${drop} worse on ${n} rows`;
  });
  return `slices fail (${failed.length} of ${judged} regressed${few}: ${named.join('; ')})`;
}
