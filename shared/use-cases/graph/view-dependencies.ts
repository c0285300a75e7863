import { RunwayError } from '../../domain/errors.ts';
import type { Adjacency } from '../../domain/graph/adjacency.ts';
import { modelUri } from '../../domain/graph/entities.ts';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import { type Direction, type Reached, walk } from '../../domain/graph/walk.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';

type Ports = { readonly events: EventStore; readonly graph: () => Promise<Adjacency> };

export type DependencyRequest = {
  readonly direction: Direction;
  /** In edges. @default without a limit */
  readonly depth?: number | undefined;
  /** Comma-separated; what is shown, not what is walked. @default all */
  readonly types?: string | undefined;
  readonly asOf?: Instant | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

export type Dependencies = {
  readonly root: EntityUri;
  readonly items: readonly Reached[];
  /** How many of the shown types there are at each depth, all pages together. */
  readonly byDepth: Readonly<Record<string, number>>;
  readonly total: number;
  /** There is more beyond `depth`. */
  readonly truncated: boolean;
  readonly cycles: readonly (readonly EntityUri[])[];
  readonly cursor?: string;
};

/** What a model depends on, or what depends on it. Throws `NotFound`, `InvalidRequest` (code `invalid-cursor`). */
export async function viewDependencies(
  ports: Ports,
  request: DependencyRequest & { readonly modelId: string },
): Promise<Dependencies> {
  const { modelId } = request;
  const [graph] = await Promise.all([ports.graph(), loadModel(ports.events, modelId)]);
  return dependenciesFrom(graph, modelUri(modelId), request).answer;
}

/** One page of what is reached from `root`, and all that is shown of it. Throws `InvalidRequest` (code `invalid-cursor`). */
export function dependenciesFrom(
  graph: Adjacency,
  root: EntityUri,
  request: DependencyRequest,
): { readonly answer: Dependencies; readonly shown: readonly Reached[] } {
  const { direction, depth = Number.POSITIVE_INFINITY, asOf } = request;
  const { reached, isCut, cycles } = walk(graph, { root, direction, depth, asOf });
  const types = request.types?.split(',');
  const shown = types === undefined ? reached : reached.filter(({ type }) => types.includes(type));
  const counts = { byDepth: byDepth(shown), total: shown.length };
  return { answer: { root, ...pageOf(shown, request), ...counts, truncated: isCut, cycles }, shown };
}

function byDepth(items: readonly Reached[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { depth } of items) counts[depth] = (counts[depth] ?? 0) + 1;
  return counts;
}

// Keyset, so that an edge that comes or goes between two pages neither repeats nor hides what is on the next.
function pageOf(items: readonly Reached[], { limit, cursor }: DependencyRequest) {
  const after = cursor === undefined ? undefined : positionOf(cursor);
  const isAfter = ({ depth, uri }: Reached) =>
    after === undefined || depth > after.depth || (depth === after.depth && uri > after.uri);
  const left = items.filter(isAfter);
  const page = left.slice(0, limit);
  const last = page.at(-1);
  return last !== undefined && left.length > page.length ? { items: page, cursor: cursorOf(last) } : { items: page };
}

function cursorOf({ depth, uri }: Reached): string {
  return Buffer.from(`${depth} ${uri}`).toString('base64url');
}

function positionOf(cursor: string): { readonly depth: number; readonly uri: EntityUri } {
  const [, depth, uri] = /^(\d{1,6}) (aip:\/\/.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (depth !== undefined && uri !== undefined) return { depth: Number(depth), uri };
  const field = { field: 'query:/cursor', code: 'invalid-cursor', reason: 'expected the cursor of the page before' };
  throw new RunwayError('InvalidRequest', 'invalid-cursor', 'the cursor does not belong to this list', [field]);
}
