import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { type ClassScores, oneClass } from './class-scores.ts';
import { mannWhitney } from './mann-whitney.ts';

/**
 * Area under the ROC curve: the probability that a positive outscores a negative, ties half, which is Mann–Whitney's U
 * over the pairs (Hanley & McNeil 1982). Undefined unless both classes occur.
 */
export function rocAuc({ counts }: Pick<ClassScores, 'counts'>): { readonly value: number } | UndefinedStatistic {
  const test = mannWhitney(counts);
  return test.value === null ? undefinedStatistic(oneClass) : { value: test.value / (counts.n * counts.m) };
}
