import { modelUri } from '../../domain/graph/entities.ts';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import type { GraphView } from '../../domain/graph/graph-view-types.ts';
import type { Direction } from '../../domain/graph/walk.ts';
import { walkGraph } from '../../domain/graph/walk-graph.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';
import { pageOfWalk, type Shown, shownOfWalk, type WalkPage } from './page-of-walk.ts';

type Ports = { readonly events: EventStore; readonly graph: () => Promise<GraphView> };

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

export type Dependencies = WalkPage & {
  readonly root: EntityUri;
  /** There is more beyond `depth`. */
  readonly truncated: boolean;
  readonly cycles: readonly (readonly EntityUri[])[];
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
  graph: GraphView,
  root: EntityUri,
  { direction, depth = Number.POSITIVE_INFINITY, asOf, limit, cursor, types: listed }: DependencyRequest,
): { readonly answer: Dependencies; readonly shown: Iterable<Shown> } {
  const types = listed?.split(',');
  const walk = walkGraph(graph, { root, direction, depth, asOf });
  const page = pageOfWalk(walk, { types, limit, cursor });
  const answer = { root: walk.root, ...page, truncated: walk.isCut, cycles: walk.cycles() };
  return { answer, shown: shownOfWalk(walk, types) };
}
