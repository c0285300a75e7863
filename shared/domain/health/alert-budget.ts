import { effectiveLooks, type LookedAtWindow } from './effective-looks.ts';

export type WindowKind = 'short' | 'long';

/** How a team's budget is divided between the windows that look for the same shift. */
export const windowShares: Readonly<Record<WindowKind, number>> = { short: 0.5, long: 0.5 };

/** What is judged of one feature: its values, its missing rate, its unseen rate. */
export const testsPerFeature = 3;

/** Weaker evidence than this is none, however large the budget. */
const largestAlpha = 0.01;

export type BudgetedTest = LookedAtWindow & {
  /** False alarms per week that the team accepts, > 0. */
  readonly budgetPerWeek: number;
  /** Of all the team's models, per window; as recorded with the evaluation. */
  readonly tests: number;
  readonly window: WindowKind;
};

/**
 * Significance level of one test: team budget × share of the window ÷ tests ÷ looks in a week. The expected number of
 * tests that breach in a week without any shift is at most the budget under any dependence between them, because
 * expectations add (Bonferroni 1936). It depends on nothing but what is recorded with the evaluation, so that a verdict
 * replays alone and one team's incident leaves the others' levels as they are. The looks depend on the level, which is
 * therefore the largest fixed point.
 */
export function alphaOf({ budgetPerWeek, tests, window, ...looked }: BudgetedTest): number {
  const perTest = (budgetPerWeek * windowShares[window]) / Math.max(1, tests);
  let alpha = Math.min(largestAlpha, perTest);
  for (;;) {
    const next = Math.min(largestAlpha, perTest / effectiveLooks(looked, alpha));
    // From above: the looks become more as the level falls.
    if (next >= alpha * (1 - 1e-9)) return next;
    alpha = next;
  }
}

/**
 * Smallest false discovery rate at which each test is a discovery among all of them (Benjamini & Hochberg 1995), step-up.
 * Information only: it depends on the other p-values. null stays null and does not count.
 */
export function qValues(pValues: readonly (number | null)[]): readonly (number | null)[] {
  const ascending = pValues
    .flatMap((pValue, index) => (pValue === null ? [] : [{ pValue, index }]))
    .sort((a, b) => a.pValue - b.pValue);
  const all: (number | null)[] = pValues.map(() => null);
  let smallest = 1;
  for (const [rank, { pValue, index }] of [...ascending.entries()].reverse()) {
    smallest = Math.min(smallest, pValue * (ascending.length / (rank + 1)));
    all[index] = smallest;
  }
  return all;
}
