import {
  type DeprecationCandidate,
  deprecationCandidate,
  usableTypes,
} from '../../domain/graph/deprecation-candidate.ts';
import { parseEntityRef } from '../../domain/graph/entity-ref.ts';
import type { EntityType } from '../../domain/graph/entity-types.ts';
import type { Instant } from '../../domain/time.ts';
import type { GraphAt } from './graph-view.ts';
import { cursorAfter, positionOf } from './list-cycles.ts';

export type CandidatePage = {
  readonly items: readonly DeprecationCandidate[];
  readonly total: number;
  readonly cursor?: string;
};

type Request = {
  readonly days: number;
  /** @default every type that is made to be used by others */
  readonly type?: EntityType | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly now: Instant;
};

/** What nobody would miss, each with why; by URI. Throws `InvalidRequest` (code `invalid-cursor`). */
export async function listDeprecationCandidates(
  ports: { readonly graph: GraphAt },
  { type, limit, cursor, ...since }: Request,
): Promise<CandidatePage> {
  const graph = await ports.graph(since.now);
  const dependencies = graph.at(undefined);
  const types = type === undefined ? usableTypes : [type];
  const all: DeprecationCandidate[] = [];
  for (let node = 0; node < graph.nodeCount; node += 1) {
    if (dependencies.canonical(node) !== node) continue;
    if (!types.includes(parseEntityRef(graph.uriOf(node)).type)) continue;
    const candidate = deprecationCandidate(graph, dependencies, node, since);
    if (candidate !== undefined) all.push(candidate);
  }
  const after = cursor === undefined ? '' : positionOf(cursor);
  const left = all.filter(({ uri }) => uri > after).toSorted((a, b) => (a.uri < b.uri ? -1 : 1));
  const page = left.slice(0, limit);
  const last = page.at(-1);
  const isMore = last !== undefined && left.length > page.length;
  return { items: page, total: all.length, ...(isMore && { cursor: cursorAfter(last.uri) }) };
}
