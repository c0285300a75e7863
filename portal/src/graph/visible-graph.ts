import type { Lineage, LineageNode } from './lineage-model.ts';

/** What a reader has opened and left out. */
export type GraphView = {
  /** Entities and groups, by id, that are open though they would not be, or the other way round. */
  readonly toggled: ReadonlySet<string>;
  /** Everything is open but what is toggled. */
  readonly isAllOpen: boolean;
  /** Types that are left out; what lies behind them stays. */
  readonly hiddenTypes: ReadonlySet<string>;
};

type Place = {
  /** An entity's URI, or the id of a group. */
  readonly id: string;
  /** Id of the one nearer to the root; undefined of the root. */
  readonly parent: string | undefined;
  readonly hops: number;
  /** Entities that it can show or put away: one step further, or in the group. */
  readonly behind: number;
  /** Whether it shows them. */
  readonly isOpen: boolean;
};
export type VisibleNode = Place &
  (
    | { readonly kind: 'entity'; readonly node: LineageNode }
    /** Entities of one type with one neighbour, as one. */
    | { readonly kind: 'group'; readonly type: string; readonly members: readonly LineageNode[] }
  );

export type VisibleEdge = {
  readonly id: string;
  /** The dependency, drawn on the left. */
  readonly source: string;
  /** The dependant, drawn on the right. */
  readonly target: string;
  /** What lies between is left out. */
  readonly isIndirect: boolean;
};

export type VisibleGraph = {
  /** The nearer one before the further; one's neighbours stand together, in the order in which they are drawn. */
  readonly nodes: readonly VisibleNode[];
  readonly edges: readonly VisibleEdge[];
};

/** Entities this near to the root are open from the beginning. */
const openHops = 1;
/** As many of one type beside one entity are still shown one by one. */
const mostAlike = 6;

export const firstView: GraphView = { toggled: new Set(), isAllOpen: false, hiddenTypes: new Set() };

/** What is drawn of a lineage: two hops from the root, many of a kind as one, and whatever the reader opened. */
export function visibleGraph(lineage: Lineage, view: GraphView): VisibleGraph {
  const children = childrenOf(lineage, view.hiddenTypes);
  const nodes: VisibleNode[] = [];
  /** Where an entity is drawn: as itself, or within a group. */
  const drawnAs = new Map<string, string>();
  const isOpen = (id: string, byDefault: boolean) => (view.isAllOpen || byDefault) !== view.toggled.has(id);
  const show = (node: LineageNode, parent: string | undefined) => {
    const behind = children.get(node.uri) ?? [];
    const open = isOpen(node.uri, Math.abs(node.hops) <= openHops);
    drawnAs.set(node.uri, node.uri);
    const { uri: id, hops } = node;
    nodes.push({ kind: 'entity', node, id, parent, hops, isOpen: open, behind: behind.length });
    if (!open) return;
    for (const alike of alikeOf(behind)) {
      const [first] = alike;
      if (first === undefined) continue;
      const id = groupId(node.uri, first);
      if (alike.length > mostAlike) {
        const isGroupOpen = isOpen(id, false);
        if (!view.isAllOpen || !isGroupOpen) {
          nodes.push(groupOf(id, node.uri, alike, isGroupOpen));
          for (const member of alike) drawnAs.set(member.uri, id);
        }
        if (!isGroupOpen) continue;
      }
      for (const member of alike) show(member, node.uri);
    }
  };
  show(lineage.root, undefined);
  return { nodes, edges: edgesOf(lineage, nodes, drawnAs) };
}

function groupOf(id: string, parent: string, members: readonly LineageNode[], isOpen: boolean): VisibleNode {
  const [{ type, hops } = { type: '', hops: 0 }] = members;
  return { kind: 'group', id, parent, type, hops, members, isOpen, behind: members.length };
}

function groupId(parent: string, { type, hops }: LineageNode): string {
  return `group ${hops < 0 ? 'upstream' : 'downstream'} ${type} ${parent}`;
}

/** By the nearest entity on the way to the root that is not left out. */
function childrenOf({ root, nodes }: Lineage, hiddenTypes: ReadonlySet<string>) {
  const shown = new Set([root.uri, ...nodes.filter(({ type }) => !hiddenTypes.has(type)).map(({ uri }) => uri)]);
  const children = new Map<string, LineageNode[]>();
  for (const node of nodes) {
    if (!shown.has(node.uri)) continue;
    const parent = node.path.findLast((uri) => uri !== node.uri && shown.has(uri)) ?? root.uri;
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  return children;
}

/** Upstream before downstream, then by type, then by name. */
function alikeOf(nodes: readonly LineageNode[]): readonly (readonly LineageNode[])[] {
  const groups = new Map<string, LineageNode[]>();
  for (const node of nodes.toSorted(byTypeAndName)) {
    const key = `${node.hops < 0} ${node.type}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  return [...groups.values()];
}

function byTypeAndName(a: LineageNode, b: LineageNode): number {
  return (
    Math.sign(a.hops) - Math.sign(b.hops) || compare(a.type, b.type) || compare(a.name, b.name) || compare(a.uri, b.uri)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function edgesOf(
  lineage: Lineage,
  nodes: readonly VisibleNode[],
  drawnAs: ReadonlyMap<string, string>,
): readonly VisibleEdge[] {
  const edges = new Map<string, VisibleEdge>();
  const add = (source: string, target: string, isIndirect: boolean) => {
    const id = `${source} ${target}`;
    if (source !== target && !edges.has(id)) edges.set(id, { id, source, target, isIndirect });
  };
  for (const { from, to } of lineage.edges) {
    const [target, source] = [drawnAs.get(from), drawnAs.get(to)];
    if (source !== undefined && target !== undefined) add(source, target, false);
  }
  // Whoever is drawn is tied to the one it hangs from, also when what lies between is left out.
  for (const { id, parent, hops, kind, isOpen } of nodes) {
    if (parent === undefined || (kind === 'group' && isOpen)) continue;
    if (hops < 0) add(id, parent, !edges.has(`${id} ${parent}`));
    else add(parent, id, !edges.has(`${parent} ${id}`));
  }
  return [...edges.values()];
}
