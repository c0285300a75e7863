import { chiSquareTail } from '../chi-square-tail.ts';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { logBinomialTerm } from './log-factorial.ts';

type McNemar = {
  /** (|b - c| - 1)² / (b + c). */
  readonly value: number;
  /** Exact: two-sided binomial on the rows on which the two disagree. */
  readonly pValue: number;
  readonly pValueChiSquare: number;
};

/**
 * McNemar's test that two classifiers are right equally often on the same rows (McNemar 1947), from the rows on which
 * one only is right; exact, and as χ² with Edwards' continuity correction (1948).
 */
export function mcnemar(onlyFirstRight: number, onlySecondRight: number): McNemar | UndefinedStatistic {
  const n = onlyFirstRight + onlySecondRight;
  if (!(n > 0)) return undefinedStatistic('the two never disagree');
  const value = Math.max(0, Math.abs(onlyFirstRight - onlySecondRight) - 1) ** 2 / n;
  let pValue = 0;
  for (let k = Math.min(onlyFirstRight, onlySecondRight); k >= 0; k -= 1) {
    pValue += 2 * Math.exp(logBinomialTerm(n, k, 0.5, 0.5));
  }
  return { value, pValue: Math.min(1, pValue), pValueChiSquare: chiSquareTail(value, 1) };
}
