import type { ChangeCursor } from '../../ports/change-cursor.ts';

/** Twin of the item in the graph's table for tests. */
export function createMemoryChangeCursor(): ChangeCursor {
  let last = 0;
  return {
    get: async () => last,
    put: async (change) => {
      last = change;
    },
  };
}
