import { recordOf } from './entity-record.ts';
import { type EntityUri, parseEntityRef } from './entity-ref.ts';
import { findGraphCycles } from './graph-cycles.ts';
import type { DependenciesAt, GraphView, GraphWalk, GraphWalkRequest } from './graph-view-types.ts';
import type { Reached } from './walk.ts';

/** Walks the dependencies breadth first. Of several shortest paths it keeps the one whose URIs sort first. */
export function walkGraph(view: GraphView, request: GraphWalkRequest): GraphWalk {
  const node = view.nodeOf(request.root);
  if (node === undefined) return nothing(request.root);
  const dependencies = view.at(request.asOf);
  const root = dependencies.canonical(node);
  const found = search(view, dependencies, { ...request, node: root });
  return walked(view, dependencies, { root, ...found });
}

type Found = {
  /** The root first. */
  readonly order: Int32Array;
  /** Where in `order` each depth begins, and the end. */
  readonly levels: readonly number[];
  /** By node, the one from which it was reached; -1 of what was not. */
  readonly parents: Int32Array;
  readonly isCut: boolean;
};

function search(
  view: GraphView,
  { each }: DependenciesAt,
  { node, direction, depth, checkpoint }: GraphWalkRequest & { readonly node: number },
): Found {
  const parents = new Int32Array(view.nodeCount).fill(-1);
  const order = new Int32Array(view.nodeCount);
  const levels = [0, 1];
  let [from, count] = [node, 1];
  parents[node] = node;
  order[0] = node;
  const reach = (next: number) => {
    if (parents[next] !== -1) return;
    parents[next] = from;
    order[count] = next;
    count += 1;
  };
  while (levels.length - 1 <= depth && levels.at(-1)! > levels.at(-2)!) {
    checkpoint?.();
    const [start, end] = [levels.at(-2)!, levels.at(-1)!];
    for (let i = start; i < end; i += 1) {
      from = order[i]!;
      each(from, direction, reach);
    }
    view.sortByUri(order.subarray(end, count));
    levels.push(count);
  }
  const last = order.subarray(levels.at(-2), count);
  return { order: order.subarray(0, count), levels, parents, isCut: leadsOn(last, { each, direction, parents }) };
}

function leadsOn(
  nodes: Int32Array,
  {
    each,
    direction,
    parents,
  }: Pick<DependenciesAt, 'each'> & Pick<GraphWalkRequest, 'direction'> & Pick<Found, 'parents'>,
): boolean {
  let isMore = false;
  const look = (next: number) => {
    isMore ||= parents[next] === -1;
  };
  for (const node of nodes) each(node, direction, look);
  return isMore;
}

function walked(
  view: GraphView,
  dependencies: DependenciesAt,
  { root, order, levels, parents, isCut }: Found & { readonly root: number },
): GraphWalk {
  const uriAt = (index: number) => view.uriOf(order[index + 1]!);
  const depthAt = (index: number) => levels.findIndex((end) => end > index + 1) - 1;
  const pathTo = (node: number) => {
    const path: EntityUri[] = [];
    for (let at = node; at !== root; at = parents[at]!) path.push(view.uriOf(at));
    return [...path, view.uriOf(root)].toReversed();
  };
  const reachedAt = (index: number): Reached => {
    const uri = uriAt(index);
    const { type, name } = recordOf(uri, view.descriptions(uri));
    return { uri, type, name, depth: depthAt(index), path: pathTo(order[index + 1]!) };
  };
  const total = order.length - 1;
  return {
    root: view.uriOf(root),
    total,
    isCut,
    depthAt,
    uriAt,
    typeAt: (index) => parseEntityRef(uriAt(index)).type,
    reachedAt,
    reached: () => Array.from({ length: total }, (_, index) => reachedAt(index)),
    cycles: () => findGraphCycles(view, dependencies, order),
  };
}

function nothing(root: EntityUri): GraphWalk {
  const missing = (index: number) => {
    throw new RangeError(`received index ${index}, expected none: the walk reached nothing`);
  };
  const list = () => [];
  const each = { depthAt: missing, uriAt: missing, typeAt: missing, reachedAt: missing };
  return { root, total: 0, isCut: false, ...each, reached: list, cycles: list };
}
