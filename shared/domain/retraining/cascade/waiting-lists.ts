/** Nodes in doubly linked lists by their rank, from 0; a rank changes only while its node is in no list. */
export function createWaitingLists(ranks: Int32Array) {
  const heads: number[] = [];
  const next = new Int32Array(ranks.length);
  const previous = new Int32Array(ranks.length);
  const isIn = new Uint8Array(ranks.length);
  let lowest = 0;

  return {
    add(node: number): void {
      const list = ranks[node]!;
      while (heads.length <= list) heads.push(-1);
      const head = heads[list]!;
      next[node] = head;
      previous[node] = -1;
      if (head >= 0) previous[head] = node;
      heads[list] = node;
      isIn[node] = 1;
      if (list < lowest) lowest = list;
    },
    /** Nothing when it is in none. */
    remove(node: number): void {
      if (isIn[node] === 0) return;
      const [before, after] = [previous[node]!, next[node]!];
      if (before >= 0) next[before] = after;
      else heads[ranks[node]!] = after;
      if (after >= 0) previous[after] = before;
      isIn[node] = 0;
    },
    /** One of the lowest rank. Throws when all lists are empty. */
    least(): number {
      while (lowest < heads.length && heads[lowest]! < 0) lowest += 1;
      const node = heads[lowest];
      if (node === undefined) throw new Error('no node waits');
      return node;
    },
  };
}
