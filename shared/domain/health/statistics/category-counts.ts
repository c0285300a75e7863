type Column = Iterable<string | null | undefined>;

/** Rows by category, and rows without one. A map, because categories may be called `__proto__`. */
export type CategoryTally = { readonly counts: ReadonlyMap<string, number>; readonly missing: number };

/** Two categorical columns on the union of their categories. */
export type CategoryCounts = {
  /** In code-point order, taken as they are: no trimming, case folding or normalisation. */
  readonly categories: readonly string[];
  /** Aligned with the categories. */
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** null or absent on either side. */
  readonly missing: { readonly reference: number; readonly current: number };
  /** Current rows of categories that the reference does not have. */
  readonly unseen: number;
  /** Categories that the reference has once: what `unseenCategoryTest` expects unseen rows by. */
  readonly singletons: number;
};

export function categoryCounts(referenceColumn: Column, currentColumn: Column): CategoryCounts {
  return alignedCategories(tally(referenceColumn), tally(currentColumn));
}

/** `categoryCounts` of two columns that are counted already. */
export function alignedCategories(before: CategoryTally, now: CategoryTally): CategoryCounts {
  const categories = [...new Set([...before.counts.keys(), ...now.counts.keys()])].sort(byCodePoint);
  const reference = categories.map((category) => before.counts.get(category) ?? 0);
  const current = categories.map((category) => now.counts.get(category) ?? 0);
  return {
    categories,
    reference,
    current,
    missing: { reference: before.missing, current: now.missing },
    unseen: current.reduce((sum, count, i) => (reference[i] === 0 ? sum + count : sum), 0),
    singletons: reference.filter((count) => count === 1).length,
  };
}

function tally(column: Column): CategoryTally {
  const counts = new Map<string, number>();
  let missing = 0;
  for (const category of column) {
    if (category === null || category === undefined) missing += 1;
    else counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return { counts, missing };
}

/** UTF-16 units, which `<` compares, order otherwise beyond the basic plane. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [a[Symbol.iterator](), b[Symbol.iterator]()];
  for (;;) {
    const [x, y] = [left.next(), right.next()];
    if (x.done || y.done) return Number(y.done ?? false) - Number(x.done ?? false);
    if (x.value !== y.value) return x.value.codePointAt(0)! - y.value.codePointAt(0)!;
  }
}
