import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

type IdCoverage = {
  /** Share of the reference's ids that the current version has, 0..1. */
  readonly value: number;
  readonly shared: number;
  /** In the reference only, and in the current version only. */
  readonly lost: number;
  readonly added: number;
  /** Rows whose id came before in the same version. */
  readonly duplicates: number;
  /** Row of the reference and row of the current version of each shared id, in the reference's order. */
  readonly pairs: readonly (readonly [number, number])[];
};

/** Matches the rows of two versions by id; of repeated ids the first row counts. */
export function idCoverage(reference: readonly string[], current: readonly string[]): IdCoverage | UndefinedStatistic {
  if (reference.length === 0) return undefinedStatistic('the reference has no id');
  const [before, after] = [firstRows(reference), firstRows(current)];
  const pairs = [...before].flatMap(([id, row]) => {
    const match = after.get(id);
    return match === undefined ? [] : [[row, match] as const];
  });
  return {
    value: pairs.length / before.size,
    shared: pairs.length,
    lost: before.size - pairs.length,
    added: after.size - pairs.length,
    duplicates: reference.length + current.length - before.size - after.size,
    pairs,
  };
}

function firstRows(ids: readonly string[]): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  ids.forEach((id, row) => {
    if (!rows.has(id)) rows.set(id, row);
  });
  return rows;
}
