import { type Cursor, initialCursor } from '../../domain/ground-truth/cursor.ts';
import * as z from '../../domain/zod.ts';

const cursorItem = z.object({ revision: z.number(), state: z.string() });

/** The initial cursor when there is no item. */
export function cursorFromItem(item: unknown): Cursor {
  if (item === undefined) return initialCursor;
  const { revision, state } = cursorItem.parse(item);
  return { ...JSON.parse(state), revision };
}
