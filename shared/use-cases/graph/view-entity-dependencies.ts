import type { Adjacency } from '../../domain/graph/adjacency.ts';
import { type Edge, edgeId, holdsAt, isDependencyAt } from '../../domain/graph/contribution.ts';
import { recordOf } from '../../domain/graph/entity-record.ts';
import { type EntityUri, parseEntityRef } from '../../domain/graph/entity-ref.ts';
import type { GraphView } from '../../domain/graph/graph-view-types.ts';
import type { Instant } from '../../domain/time.ts';
import { findEntity } from './find-entity.ts';
import type { Shown } from './page-of-walk.ts';
import { type Dependencies, type DependencyRequest, dependenciesFrom } from './view-dependencies.ts';

type Counts = Readonly<Record<string, number>>;

export type EntityDependencies = Dependencies & {
  /** The name that was asked for, when it is another one of the root. */
  readonly requested?: EntityUri;
  readonly byType: Counts;
  /** By URI of the owning team; `none` without one. Who has several owners counts for each. */
  readonly byTeam: Counts;
  /** Models by tier, 1 … 4; `none` for a model without one. */
  readonly byTier: Counts;
  /** Dependencies among the root and the items of the page, when they are asked for. */
  readonly edges?: readonly Edge[];
};

/**
 * What an entity depends on, or what depends on it, with the extent of it by type, team and tier, all pages together.
 * Throws `NotFound` (code `unknown-entity`), `InvalidRequest` (code `invalid-cursor`).
 */
export async function viewEntityDependencies(
  ports: { readonly graph: () => Promise<GraphView> },
  request: DependencyRequest & { readonly uri: EntityUri; readonly include?: 'edges' | undefined },
): Promise<EntityDependencies> {
  const graph = await ports.graph();
  const { uri, requested } = findEntity(graph, request.uri, request.asOf);
  const { answer, shown } = dependenciesFrom(graph, uri, request);
  return {
    ...answer,
    ...(requested !== undefined && { requested }),
    ...extentOf(graph, shown, request.asOf),
    ...(request.include === 'edges' && {
      edges: edgesAmong(graph, [uri, ...answer.items.map((item) => item.uri)], request.asOf),
    }),
  };
}

function edgesAmong(graph: Adjacency, uris: readonly EntityUri[], asOf: Instant | undefined): readonly Edge[] {
  const meant = new Set(uris);
  const edges = new Map<string, Edge>();
  for (const uri of uris)
    for (const claim of graph.claimsFrom(uri))
      if (meant.has(claim.to) && isDependencyAt(claim, asOf))
        edges.set(edgeId(claim), { from: uri, type: claim.type, to: claim.to });
  return [...edges.values()];
}

function extentOf(graph: Adjacency, shown: Iterable<Shown>, asOf: Instant | undefined) {
  const byType: Record<string, number> = {};
  const byTeam: Record<string, number> = {};
  const byTier: Record<string, number> = {};
  for (const { uri, type } of shown) {
    count(byType, type);
    for (const team of teamsOf(graph, uri, asOf)) count(byTeam, team);
    if (type === 'model') count(byTier, String(recordOf(uri, graph.descriptions(uri)).attributes.tier ?? 'none'));
  }
  return { byType, byTeam, byTier };
}

function teamsOf(graph: Adjacency, uri: EntityUri, asOf: Instant | undefined): readonly string[] {
  const teams = new Set<EntityUri>();
  for (const claim of graph.claimsFrom(uri))
    if (claim.type === 'ownedBy' && holdsAt(claim, asOf) && parseEntityRef(claim.to).type === 'team')
      teams.add(claim.to);
  return teams.size === 0 ? ['none'] : [...teams];
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
