import type { DependencyEdge, Reached, WalkAnswer } from '../api/graph-types.ts';

/** `hops` from the root: negative upstream (what it depends on), positive downstream (what depends on it), 0 the root. */
export type LineageNode = Pick<Reached, 'uri' | 'type' | 'name'> & {
  readonly hops: number;
  /** From the root to the node, both among them. */
  readonly path: readonly string[];
};

export type Lineage = {
  readonly root: LineageNode;
  /** By distance; the root is not among them. */
  readonly nodes: readonly LineageNode[];
  /** Among the root and the nodes, once each. */
  readonly edges: readonly Pick<DependencyEdge, 'from' | 'to'>[];
};

type Walked = Pick<WalkAnswer, 'items' | 'edges'>;

/** Both walks from one root as one graph. What depends on itself through others is shown upstream only. */
export function lineageOf(root: Pick<Reached, 'uri' | 'type' | 'name'>, upstream: Walked, downstream: Walked): Lineage {
  const nodes = new Map<string, LineageNode>();
  for (const [items, sign] of [
    [upstream.items, -1],
    [downstream.items, 1],
  ] as const) {
    for (const { uri, type, name, depth, path } of items) {
      const hops = sign * depth;
      const known = nodes.get(uri);
      if (uri !== root.uri && (known === undefined || depth < Math.abs(known.hops)))
        nodes.set(uri, { uri, type, name, hops, path });
    }
  }
  const isKnown = (uri: string) => uri === root.uri || nodes.has(uri);
  const edges = new Map<string, Pick<DependencyEdge, 'from' | 'to'>>();
  const add = (from: string, to: string) => {
    if (from !== to && isKnown(from) && isKnown(to)) edges.set(`${from} ${to}`, { from, to });
  };
  for (const { uri, hops, path } of nodes.values()) {
    const before = path.at(-2) ?? root.uri;
    if (hops < 0) add(before, uri);
    else add(uri, before);
  }
  for (const { from, to } of [...(upstream.edges ?? []), ...(downstream.edges ?? [])]) add(from, to);
  return {
    root: { ...root, hops: 0, path: [root.uri] },
    nodes: [...nodes.values()].toSorted((a, b) => Math.abs(a.hops) - Math.abs(b.hops)),
    edges: [...edges.values()],
  };
}

/** `1 hop upstream`, `3 hops downstream`, `where you are` */
export function hopsText(hops: number): string {
  if (hops === 0) return 'where you are';
  const distance = Math.abs(hops);
  return `${distance} ${distance === 1 ? 'hop' : 'hops'} ${hops < 0 ? 'upstream' : 'downstream'}`;
}
