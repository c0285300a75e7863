import { twoProportionTest } from '../two-proportion-test.ts';
import type { UndefinedStatistic } from '../undefined-statistic.ts';

/**
 * Are there more rows of unseen categories than chance brings? A rare category may be missing from the reference by
 * accident, so 0 is the wrong expectation: by Good & Turing (Good 1953) a new row is of an unseen category with a
 * probability near the share of reference rows whose category occurs there once. That share and the current share of
 * unseen rows are compared by the pooled z test; `value` is z, positive when there are more than expected.
 */
export function unseenCategoryTest(
  reference: { readonly singletons: number; readonly n: number },
  current: { readonly unseen: number; readonly n: number },
): { readonly value: number; readonly pValue: number } | UndefinedStatistic {
  return twoProportionTest({ count: reference.singletons, n: reference.n }, { count: current.unseen, n: current.n });
}
