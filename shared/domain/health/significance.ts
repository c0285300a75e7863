import type { Policy } from '../registry/policy.ts';
import type { WindowKind } from './alert-budget.ts';

/** Significance level of one test. */
export type AlphaOf = (test: { readonly window: WindowKind }) => number;

/** The policy's own, for every test: where no team's budget says otherwise. */
export function significanceOf({ significance }: Policy): AlphaOf {
  return () => significance;
}
