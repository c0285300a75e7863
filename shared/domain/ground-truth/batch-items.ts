import { type FieldProblem, RunwayError } from '../errors.ts';

/** What is wrong with one item; `field` is a pointer from the root of the body. */
export type RejectedItem = FieldProblem & { readonly index: number };

export type BatchName = 'predictions' | 'outcomes';

export function rejectItem(
  batch: BatchName,
  index: number,
  problems: readonly FieldProblem[],
): readonly RejectedItem[] {
  return problems.map((problem) => ({ ...problem, field: `/${batch}/${index}${problem.field}`, index }));
}

/**
 * Throws when no item is left: `NotAuthorized` when the caller may write for none of their models, else `InvalidRequest`
 * (code `all-rejected`), with every item's problems.
 */
export function expectSomeAccepted(batch: BatchName, count: number, rejected: readonly RejectedItem[]): void {
  const indexes = new Set(rejected.map(({ index }) => index));
  if (indexes.size < count) return;
  if (rejected.every(({ code }) => code === 'not-authorized'))
    throw new RunwayError('NotAuthorized', 'not-authorized', `none of the ${batch} is for a team you may write for`);
  throw new RunwayError('InvalidRequest', 'all-rejected', `all ${count} ${batch} were rejected`, rejected);
}
