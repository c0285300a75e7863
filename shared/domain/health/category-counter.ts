/** Frequencies of categories, in bounded memory. */
export type CategoryCounter = {
  add(category: string): void;
  counts(): ReadonlyMap<string, number>;
};

const maximumCategories = 100_000;

/**
 * Exact up to 100,000 distinct categories. Beyond, the algorithm of Misra & Gries (1982): a category of more than
 * n / 100,001 rows is always kept, and every count is short by at most that many.
 */
export function createCategoryCounter(maximum: number = maximumCategories): CategoryCounter {
  const counts = new Map<string, number>();
  return {
    add: (category) => {
      const count = counts.get(category);
      if (count !== undefined) counts.set(category, count + 1);
      else if (counts.size < maximum) counts.set(category, 1);
      else decrement(counts);
    },
    counts: () => counts,
  };
}

function decrement(counts: Map<string, number>): void {
  for (const [category, count] of counts) {
    if (count === 1) counts.delete(category);
    else counts.set(category, count - 1);
  }
}
