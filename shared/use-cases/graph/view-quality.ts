import type { Adjacency } from '../../domain/graph/adjacency.ts';
import { edgeId } from '../../domain/graph/contribution.ts';
import type { ContestedEdge } from '../../domain/graph/enrichment/edge-conflict.ts';
import { conflictsAt } from '../../domain/graph/enrichment/entity-conflicts.ts';
import { createNameIndex } from '../../domain/graph/enrichment/name-index.ts';
import { teamUri } from '../../domain/graph/entities.ts';
import { recordOf } from '../../domain/graph/entity-record.ts';
import { type EntityUri, parseEntityRef } from '../../domain/graph/entity-ref.ts';
import { owningTeams, sources } from '../../domain/graph/quality/owning-teams.ts';
import { type Quality, qualityOf } from '../../domain/graph/quality/score.ts';
import type { Instant } from '../../domain/time.ts';
import { findEntity } from './find-entity.ts';
import type { GraphAt } from './graph-view.ts';

type EntityQuality = Quality & {
  readonly uri: EntityUri;
  readonly teams: readonly string[];
  /** Of edges that begin or end at it. */
  readonly conflicts: readonly ContestedEdge[];
  readonly enrichedAt?: Instant;
};

/** Throws `NotFound` (code `unknown-entity`). */
export async function viewQuality(graph: GraphAt, requested: EntityUri, now: Instant): Promise<EntityQuality> {
  const view = await graph(now);
  const { uri } = findEntity(view, requested, undefined);
  const { enrichedAt } = recordOf(uri, view.descriptions(uri));
  return {
    uri,
    ...qualityOf({ graph: view, named: createNameIndex(view) }, uri, now),
    teams: owningTeams(view, uri),
    conflicts: [...conflictsAt(view, uri, now).values()].toSorted((a, b) => (edgeId(a) < edgeId(b) ? -1 : 1)),
    ...(enrichedAt !== undefined && { enrichedAt }),
  };
}

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
