/**
 * Maps as sorted pairs: they go into JSON as they are, and a key such as `__proto__` is a key like any other. Merging is
 * commutative, associative and idempotent where `pick` is, so neither the order nor the number of deliveries counts
 * (Shapiro et al., *Conflict-free Replicated Data Types*, 2011).
 */
export type Entries<T> = readonly (readonly [key: string, value: T])[];

export function mergeEntries<T>(a: Entries<T>, b: Entries<T>, pick: (x: T, y: T) => T): Entries<T> {
  const merged = new Map(a);
  for (const [key, value] of b) {
    const held = merged.get(key);
    merged.set(key, held === undefined ? value : pick(held, value));
  }
  return [...merged].toSorted(([x], [y]) => compare(x, y));
}

/** When something was last said: of two moments the later counts. */
export type Seen = Entries<string>;

/** Of more than `limit` the latest are kept; what is given up was said before all of them. */
export function mergeSeen(a: Seen, b: Seen, limit: number): Seen {
  const merged = mergeEntries(a, b, laterText);
  if (merged.length <= limit) return merged;
  const kept = new Set(latestFirst(merged).slice(0, limit));
  return merged.filter((entry) => kept.has(entry));
}

function laterText(x: string, y: string): string {
  return compare(x, y) > 0 ? x : y;
}

export function latestFirst(seen: Seen): Seen {
  return seen.toSorted(([keyA, a], [keyB, b]) => compare(b, a) || compare(keyA, keyB));
}

/** What was said at a moment; null when it was taken back. Of two the later counts, of one moment the greater text. */
export type Register<T> = { readonly at: string; readonly value: T | null };

export function laterOf<T>(x: Register<T>, y: Register<T>): Register<T> {
  return (compare(x.at, y.at) || compare(JSON.stringify(x.value), JSON.stringify(y.value))) >= 0 ? x : y;
}

export function laterOrOnly<T>(x: Register<T> | undefined, y: Register<T> | undefined): Register<T> | undefined {
  return x === undefined || y === undefined ? (x ?? y) : laterOf(x, y);
}

export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
