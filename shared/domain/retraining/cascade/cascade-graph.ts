import { countingSort } from '../../counting-sort.ts';

/**
 * Dependants of every node, as compressed rows: those of node `v` are `dependants[first[v]]` to
 * `dependants[first[v + 1] - 1]`, ascending, each once. Nodes are numbers from 0.
 */
export type CascadeGraph = {
  readonly nodeCount: number;
  readonly first: Int32Array;
  readonly dependants: Int32Array;
};

/** Edge `i` says that node `dependantOf[i]` depends on node `dependencyOf[i]`; repeated edges count once. O(nodes + edges). */
export function createCascadeGraph(
  nodeCount: number,
  { dependantOf, dependencyOf }: { readonly dependantOf: Int32Array; readonly dependencyOf: Int32Array },
): CascadeGraph {
  // Counting sort, first by dependant, then (stable) by dependency.
  const byDependant = countingSort(nodeCount, dependantOf).order;
  const { order, first } = countingSort(nodeCount, dependencyOf, byDependant);
  const dependants = new Int32Array(order.length);
  const unique = new Int32Array(nodeCount + 1);
  let kept = 0;
  for (let node = 0; node < nodeCount; node += 1) {
    unique[node] = kept;
    for (let i = first[node]!; i < first[node + 1]!; i += 1) {
      const dependant = dependantOf[order[i]!]!;
      if (kept > unique[node]! && dependants[kept - 1] === dependant) continue;
      dependants[kept] = dependant;
      kept += 1;
    }
  }
  unique[nodeCount] = kept;
  return { nodeCount, first: unique, dependants: dependants.slice(0, kept) };
}
