type Visit = { readonly node: string; readonly next: Iterator<string> };

/**
 * Groups of nodes that reach each other, and nodes that reach themselves: the strongly connected components that hold a
 * cycle. Tarjan, SIAM J. Comput. 1 (1972), with a stack of its own because chains may be longer than the call stack.
 */
export function findCycles(
  nodes: readonly string[],
  neighbours: (node: string) => readonly string[],
): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const cycles: (readonly string[])[] = [];

  function enter(node: string): Visit {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    open.push(node);
    isOpen.add(node);
    return { node, next: neighbours(node)[Symbol.iterator]() };
  }

  function lower(node: string, to: number): void {
    low.set(node, Math.min(low.get(node) ?? to, to));
  }

  function close(node: string): void {
    if (low.get(node) !== index.get(node)) return;
    const group = open.splice(open.lastIndexOf(node));
    for (const member of group) isOpen.delete(member);
    if (group.length > 1 || neighbours(node).includes(node)) cycles.push(group.toSorted());
  }

  function visitAll(root: string): void {
    const visits = [enter(root)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { value, done } = visit.next.next();
      if (done) {
        close(visit.node);
        visits.pop();
        const parent = visits.at(-1);
        if (parent !== undefined) lower(parent.node, low.get(visit.node) ?? 0);
      } else if (!index.has(value)) visits.push(enter(value));
      else if (isOpen.has(value)) lower(visit.node, index.get(value) ?? 0);
    }
  }

  for (const node of nodes) if (!index.has(node)) visitAll(node);
  return cycles.toSorted((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}
