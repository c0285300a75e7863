import type { Table } from './data.ts';

export type ListedUser = {
  readonly listId: string;
  /** Seconds since the epoch, as `ratedAt`. */
  readonly listedAt: number;
  /** The best first. */
  readonly items: readonly string[];
  /** By item. */
  readonly ratings: ReadonlyMap<string, number>;
  readonly ratedAt: ReadonlyMap<string, number>;
};

/** The list of each user, and what the user rated inside the window, from the list on, for the first time. */
export function listedUsers(lists: Table, ratings: Table, window: string): readonly ListedUser[] {
  const byUser = Map.groupBy(lists, (row) => row.user ?? '');
  const rated = Map.groupBy(ratings, (row) => row.user ?? '');
  return [...byUser].map(([user, list]) => {
    const ordered = list.toSorted((a, b) => Number(a.rank) - Number(b.rank));
    const listedAt = Number(ordered[0]?.ts);
    const own = rated.get(user) ?? [];
    const history = new Set(own.filter((row) => Number(row.ts) < listedAt).map((row) => row.item));
    const later = own.filter((row) => row.window === window && Number(row.ts) >= listedAt && !history.has(row.item));
    return {
      listId: ordered[0]?.list_id ?? '',
      listedAt,
      items: ordered.map((row) => row.item ?? ''),
      ratings: new Map(later.map((row) => [row.item ?? '', Number(row.rating)])),
      ratedAt: new Map(later.map((row) => [row.item ?? '', Number(row.ts)])),
    };
  });
}
