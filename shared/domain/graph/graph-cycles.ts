import { createCascadeGraph } from '../retraining/cascade/cascade-graph.ts';
import { strongComponents } from '../retraining/cascade/strong-components.ts';
import type { EntityUri } from './entity-ref.ts';
import type { DependenciesAt, GraphView } from './graph-view-types.ts';

/**
 * Groups of the nodes that depend on each other by way of these nodes, and nodes that depend on themselves; each group
 * and the groups sorted by URI. Canonical nodes, each once. O(nodes + edges).
 */
export function findGraphCycles(
  view: GraphView,
  dependencies: DependenciesAt,
  nodes: Int32Array,
): readonly (readonly EntityUri[])[] {
  const numberOf = new Int32Array(view.nodeCount).fill(-1);
  for (const [number, node] of nodes.entries()) numberOf[node] = number;
  const [dependants, dependees]: [number[], number[]] = [[], []];
  const loops = new Set<number>();
  for (const [number, node] of nodes.entries())
    dependencies.each(node, 'upstream', (next) => {
      const other = numberOf[next]!;
      if (other === number) loops.add(number);
      else if (other !== -1) {
        dependants.push(number);
        dependees.push(other);
      }
    });
  const edges = { dependantOf: Int32Array.from(dependants), dependencyOf: Int32Array.from(dependees) };
  const groups = componentsOf(createCascadeGraph(nodes.length, edges), loops);
  return groups
    .map((group) => group.map((number) => view.uriOf(nodes[number]!)).toSorted())
    .toSorted((a, b) => (a[0]! < b[0]! ? -1 : 1));
}

/** All cycles of the graph. */
export function findAllCycles(view: GraphView, dependencies: DependenciesAt): readonly (readonly EntityUri[])[] {
  const all = Int32Array.from({ length: view.nodeCount }, (_, node) => node);
  return findGraphCycles(
    view,
    dependencies,
    all.filter((node) => dependencies.canonical(node) === node),
  );
}

function componentsOf(
  graph: ReturnType<typeof createCascadeGraph>,
  loops: ReadonlySet<number>,
): readonly (readonly number[])[] {
  const everywhere = Array.from({ length: graph.nodeCount }, (_, node) => node);
  const { order, componentOf } = strongComponents(graph, everywhere, () => false);
  const groups: number[][] = [];
  for (let i = 0; i < order.length; ) {
    let end = i + 1;
    while (end < order.length && componentOf[order[end]!] === componentOf[order[i]!]) end += 1;
    if (end - i > 1 || loops.has(order[i]!)) groups.push([...order.subarray(i, end)]);
    i = end;
  }
  return groups;
}
