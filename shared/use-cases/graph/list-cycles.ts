import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import { findAllCycles } from '../../domain/graph/graph-cycles.ts';
import type { GraphView } from '../../domain/graph/graph-view-types.ts';
import { cursorParts, foreignCursor } from '../../domain/page-cursor.ts';
import type { Instant } from '../../domain/time.ts';

export type CyclePage = {
  readonly items: readonly { readonly size: number; readonly members: readonly EntityUri[] }[];
  readonly total: number;
  readonly cursor?: string;
};

type Request = { readonly asOf?: Instant | undefined; readonly limit: number; readonly cursor?: string | undefined };

/**
 * Groups of entities that depend on each other, and entities that depend on themselves; members and groups sorted by URI.
 * Throws `InvalidRequest` (code `invalid-cursor`).
 */
export async function listCycles(
  ports: { readonly graph: () => Promise<GraphView> },
  { asOf, limit, cursor }: Request,
): Promise<CyclePage> {
  const graph = await ports.graph();
  const cycles = findAllCycles(graph, graph.at(asOf));
  const after = cursor === undefined ? '' : positionOf(cursor);
  const left = cycles.filter(([first = '']) => first > after);
  const page = left.slice(0, limit);
  const last = page.at(-1)?.[0];
  return {
    items: page.map((members) => ({ size: members.length, members })),
    total: cycles.length,
    ...(last !== undefined && left.length > page.length && { cursor: cursorAfter(last) }),
  };
}

/** Good for every list that is sorted by URI. */
export function cursorAfter(uri: EntityUri): string {
  return Buffer.from(JSON.stringify(['uri', uri])).toString('base64url');
}

/** Throws `InvalidRequest` (code `invalid-cursor`). */
export function positionOf(cursor: string): EntityUri {
  const [of, uri] = cursorParts(cursor);
  if (of === 'uri' && typeof uri === 'string') return uri;
  throw foreignCursor('list');
}
