import type { SearchQuery } from '../../domain/graph/search/search-query.ts';
import type { Scored } from '../../domain/graph/search/search-score.ts';

/** Entries by name: also those of which nothing is a word, and however many words the name has. */
export function createExactNames<T extends Scored>() {
  const byName = new Map<string, Set<T>>();
  // A space is in no squashed name, so that the two kinds of key are apart.
  const keysOf = (normalizedName: string, squashedName: string) =>
    [` ${normalizedName}`, squashedName].filter((key) => key !== '');
  return {
    add(entry: T): void {
      for (const key of keysOf(entry.normalizedName, entry.squashedName)) {
        const set = byName.get(key) ?? new Set<T>();
        byName.set(key, set.add(entry));
      }
    },
    remove(entry: T): void {
      for (const key of keysOf(entry.normalizedName, entry.squashedName)) {
        const set = byName.get(key);
        set?.delete(entry);
        if (set?.size === 0) byName.delete(key);
      }
    },
    of: ({ normalized, squashed }: SearchQuery): readonly T[] =>
      keysOf(normalized, squashed).flatMap((key) => [...(byName.get(key) ?? [])]),
  };
}
