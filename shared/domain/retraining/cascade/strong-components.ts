import type { CascadeGraph } from './cascade-graph.ts';

export type StrongComponents = {
  /** Reached nodes; those of a component stand together, and each component before all that depends on it. */
  readonly order: Int32Array;
  /** Component of a node, from 1, falling along `order`; 0 when it is not reached. */
  readonly componentOf: Int32Array;
};

/**
 * Walks from the roots to their dependants, smaller numbers first; nodes that `isEnd` are reached and not walked on from.
 * Tarjan's strongly connected components (SIAM J. Comput. 1, 1972), with a stack of its own because chains may be longer
 * than the call stack. O(nodes + edges).
 */
export function strongComponents(
  { nodeCount, first, dependants }: CascadeGraph,
  roots: readonly number[],
  isEnd: (node: number) => boolean,
): StrongComponents {
  // From 1; 0 is a node that the walk has not met.
  const index = new Int32Array(nodeCount);
  const low = new Int32Array(nodeCount);
  const cursor = new Int32Array(nodeCount);
  const path = new Int32Array(nodeCount);
  const open = new Int32Array(nodeCount);
  const componentOf = new Int32Array(nodeCount);
  // Components are found with what depends on them before them.
  const order = new Int32Array(nodeCount);
  let [entered, depth, opened, components, placed] = [0, 0, 0, 0, nodeCount];

  function enter(node: number): void {
    entered += 1;
    index[node] = entered;
    low[node] = entered;
    cursor[node] = isEnd(node) ? first[node + 1]! : first[node]!;
    path[depth] = node;
    depth += 1;
    open[opened] = node;
    opened += 1;
  }

  function leave(node: number): void {
    depth -= 1;
    if (depth > 0) {
      const parent = path[depth - 1]!;
      if (low[node]! < low[parent]!) low[parent] = low[node]!;
    }
    if (low[node] !== index[node]) return;
    components += 1;
    do {
      opened -= 1;
      componentOf[open[opened]!] = components;
      placed -= 1;
      order[placed] = open[opened]!;
    } while (open[opened] !== node);
  }

  function walk(): void {
    while (depth > 0) {
      const node = path[depth - 1]!;
      const edge = cursor[node]!;
      if (edge === first[node + 1]) {
        leave(node);
        continue;
      }
      cursor[node] = edge + 1;
      const dependant = dependants[edge]!;
      if (index[dependant] === 0) enter(dependant);
      else if (componentOf[dependant] === 0 && index[dependant]! < low[node]!) low[node] = index[dependant]!;
    }
  }

  for (const root of roots) {
    if (index[root] !== 0) continue;
    enter(root);
    walk();
  }
  return { order: order.subarray(placed), componentOf };
}
