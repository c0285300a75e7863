import { cursorParts, foreignCursor } from '../domain/page-cursor.ts';
import type { ListEntry } from '../ports/event-store.ts';

export type IndexNumber = 1 | 2;
export type ListKeys = {
  readonly list1?: string;
  readonly sort1?: string;
  readonly list2?: string;
  readonly sort2?: string;
};

/** Where a page ended: the next one starts after it. */
export type ListPosition = { readonly sort: string; readonly streamId: string };

/** `<what>` and `<what>#<which>` are in the first index, `<what>#<by>#<owner>` (`models#team#flights`) in the second. */
export function indexOfList(list: string): IndexNumber {
  return list.split('#').length > 2 ? 2 : 1;
}

/** A head stands in at most one list per index. */
export function listKeys(entries: readonly ListEntry[]): ListKeys {
  const byIndex = new Map(entries.map((entry) => [indexOfList(entry.list), entry]));
  if (byIndex.size !== entries.length)
    throw new Error(
      `lists ${entries.map((entry) => entry.list).join(', ')} share an index, expected one list per index`,
    );
  const [first, second] = [byIndex.get(1), byIndex.get(2)];
  return {
    ...(first && { list1: first.list, sort1: first.sort }),
    ...(second && { list2: second.list, sort2: second.sort }),
  };
}

/** Opaque to clients, and good for its own list only. */
export function encodeCursor(list: string, position: ListPosition): string {
  return Buffer.from(JSON.stringify([list, position.sort, position.streamId])).toString('base64url');
}

/** Throws `InvalidRequest` (code `invalid-cursor`) on anything `encodeCursor` did not give for this list. */
export function decodeCursor(list: string, cursor: string): ListPosition {
  const [of, sort, streamId] = cursorParts(cursor);
  if (of === list && typeof sort === 'string' && typeof streamId === 'string') return { sort, streamId };
  throw foreignCursor('list');
}
