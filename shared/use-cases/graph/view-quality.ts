import type { Adjacency } from '../../domain/graph/adjacency.ts';
import { type EdgeClaim, edgeId, holdsAt, isExpired } from '../../domain/graph/contribution.ts';
import { createNameIndex } from '../../domain/graph/enrichment/name-index.ts';
import { type EdgeOverride, overrideOf, overrideProvider } from '../../domain/graph/enrichment/override.ts';
import { registryPlatform, teamUri } from '../../domain/graph/entities.ts';
import { recordOf } from '../../domain/graph/entity-record.ts';
import { type EntityUri, parseEntityRef } from '../../domain/graph/entity-ref.ts';
import { contributionId, partsOfContributionId } from '../../domain/graph/provider-contribution.ts';
import { owningTeams, sources } from '../../domain/graph/quality/owning-teams.ts';
import { type Quality, qualityOf } from '../../domain/graph/quality/score.ts';
import type { Instant } from '../../domain/time.ts';
import type { GraphStore } from '../../ports/graph-store.ts';
import { findEntity } from './find-entity.ts';
import type { GraphAt } from './graph-view.ts';

/** An override that somebody contradicts. */
export type Conflict = Pick<EdgeOverride, 'from' | 'type' | 'to' | 'effect' | 'author'> & {
  /** Who claims what the override suppresses. */
  readonly claimants: readonly string[];
};

type EntityQuality = Quality & {
  readonly uri: EntityUri;
  readonly teams: readonly string[];
  readonly conflicts: readonly Conflict[];
  readonly enrichedAt?: Instant;
};

type Ports = { readonly store: Pick<GraphStore, 'about'>; readonly graph: GraphAt };

/** Throws `NotFound` (code `unknown-entity`). */
export async function viewQuality({ store, graph }: Ports, requested: EntityUri, now: Instant): Promise<EntityQuality> {
  const view = await graph(now);
  const { uri } = findEntity(view, requested, undefined);
  const { enrichedAt } = recordOf(uri, view.descriptions(uri));
  return {
    uri,
    ...qualityOf({ graph: view, named: createNameIndex(view) }, uri, now),
    teams: owningTeams(view, uri),
    conflicts: conflictsOf(view, { uri, now, about: await store.about(uri) }),
    ...(enrichedAt !== undefined && { enrichedAt }),
  };
}

type Stored = Awaited<ReturnType<GraphStore['about']>>;

/** Suppressions against which somebody still claims the edge. */
function conflictsOf(
  view: Adjacency,
  { uri, now, about }: { readonly uri: EntityUri; readonly now: Instant; readonly about: Stored },
): readonly Conflict[] {
  const said = about.filter(({ streamId }) => streamId !== contributionId(overrideProvider, uri));
  const overrides = about
    .filter(({ streamId }) => partsOfContributionId(streamId)?.provider === overrideProvider)
    .flatMap(({ contribution }) => contribution.claims)
    .filter((claim) => claim.suppresses !== undefined && holdsAt(claim, undefined) && !isExpired(claim, now));
  return overrides.flatMap((override) => {
    // The registry's claims are in no stream of the entity; the view shows them until the override began.
    const cut = [...view.claimsFrom(uri)].filter(
      ({ claimant, validTo }) => claimant === registryPlatform && validTo === override.validFrom,
    );
    const present = said.flatMap(({ contribution }) => contribution.claims.filter((each) => holdsAt(each, undefined)));
    const claimants = [...present, ...cut]
      .filter((claim) => isSameEdge(claim, override))
      .map(({ claimant }) => claimant);
    const { from, type, to, effect, author } = overrideOf(override, now);
    if (claimants.length === 0) return [];
    return [{ from, type, to, effect, author, claimants: [...new Set(claimants)].toSorted() }];
  });
}

const isSameEdge = (one: EdgeClaim, other: EdgeClaim) => edgeId(one) === edgeId(other);

type TeamQuality = {
  readonly team: string;
  readonly entities: number;
  readonly score?: number;
  readonly byType: Readonly<Record<string, { readonly entities: number; readonly score: number }>>;
  readonly anomalies: Readonly<Record<string, number>>;
  readonly worst: readonly {
    readonly uri: EntityUri;
    readonly name: string;
    readonly score: number;
    readonly anomalies: readonly string[];
  }[];
};

const worstShown = 20;

/** Of everything the team owns, with what scores least first. */
export async function viewTeamQuality(graph: GraphAt, team: string, now: Instant): Promise<TeamQuality> {
  const view = await graph(now);
  const input = { graph: view, named: createNameIndex(view) };
  const judged = entitiesOfTeam(view, team).map((uri) => ({ uri, ...qualityOf(input, uri, now) }));
  const kinds = judged.flatMap(({ anomalies }) => [...new Set(anomalies.map(({ kind }) => kind))]);
  const byType = Object.groupBy(judged, ({ uri }) => parseEntityRef(uri).type);
  const worst = judged.toSorted((a, b) => a.score - b.score || (a.uri < b.uri ? -1 : 1)).slice(0, worstShown);
  return {
    team,
    entities: judged.length,
    ...(judged.length > 0 && { score: mean(judged) }),
    byType: Object.fromEntries(
      Object.entries(byType).map(([type, some]) => [type, { entities: some.length, score: mean(some) }]),
    ),
    anomalies: Object.fromEntries(
      [...new Set(kinds)].toSorted().map((kind) => [kind, kinds.filter((each) => each === kind).length]),
    ),
    worst: worst.map(({ uri, score, anomalies }) => ({
      uri,
      name: recordOf(uri, view.descriptions(uri)).name,
      score,
      anomalies: anomalies.map(({ kind }) => kind),
    })),
  };
}

/** What names the team or one of its people as owner, and what is a version or part of that; sorted. */
export function entitiesOfTeam(view: Adjacency, team: string): readonly EntityUri[] {
  const uri = teamUri(team);
  const people = sources(view, uri, ['memberOf']);
  const owned = new Set([uri, ...people].flatMap((owner) => sources(view, owner, ['ownedBy'])));
  // A set gives what is added while it is read, too.
  for (const each of owned)
    for (const part of sources(view, each, ['versionOf', 'partOf', 'runOf']))
      if (owningTeams(view, part).includes(team)) owned.add(part);
  return [...owned].toSorted();
}

function mean(judged: readonly { readonly score: number }[]): number {
  return judged.reduce((sum, { score }) => sum + score, 0) / judged.length;
}
