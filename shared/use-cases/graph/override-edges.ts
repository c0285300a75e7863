import type { Actor } from '../../domain/actor.ts';
import { notFound, RunwayError } from '../../domain/errors.ts';
import { type Edge, edgeId } from '../../domain/graph/contribution.ts';
import type { ContestedEdge, EdgeConflict } from '../../domain/graph/enrichment/edge-conflict.ts';
import { conflictsAt } from '../../domain/graph/enrichment/entity-conflicts.ts';
import {
  type EdgeOverride,
  type Overriding,
  overrideOf,
  overrideProvider,
  withOverride,
  withoutOverride,
} from '../../domain/graph/enrichment/override.ts';
import { type EntityUri, parseEntityRef } from '../../domain/graph/entity-ref.ts';
import { contributionId, type Statement } from '../../domain/graph/provider-contribution.ts';
import { owningTeams } from '../../domain/graph/quality/owning-teams.ts';
import type { Instant } from '../../domain/time.ts';
import type { GraphStore } from '../../ports/graph-store.ts';
import type { OverrideExpiries } from '../../ports/override-expiries.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { findEntity } from './find-entity.ts';
import type { GraphAt } from './graph-view.ts';
import { makeStatements } from './make-statements.ts';

export type OverridePorts = {
  readonly store: Pick<GraphStore, 'get' | 'getMany' | 'putMany'>;
  readonly graph: GraphAt;
  readonly expiries: OverrideExpiries;
};

type Asked = Edge & Pick<EdgeOverride, 'effect' | 'reason'> & { readonly expiresAt?: Instant | undefined };

/** Teams that may say whether the edge holds: those that own either end; by name. */
export async function teamsOfEdge(graph: GraphAt, { from, to }: Edge, now: Instant): Promise<readonly string[]> {
  const view = await graph(now);
  return [...new Set([from, to].flatMap((uri) => owningTeams(view, uri)))].toSorted();
}

/**
 * Lets an override stand in place of one of the same edge. Throws `NotFound` (code `unknown-entity`), `InvalidRequest`
 * (code `invalid-override`) when the edge leads to where it begins or the override would have expired.
 */
export async function setOverride(
  { store, graph, expiries }: OverridePorts,
  { expiresAt, ...asked }: Asked,
  { actor, now }: { readonly actor: Actor; readonly now: Instant },
): Promise<EdgeOverride> {
  const { from, to } = asked;
  for (const uri of [from, to]) parseEntityRef(uri);
  if (from === to) throw invalid(`the edge leads from ${from} to itself, expected another entity`);
  if (expiresAt !== undefined && expiresAt <= now) throw invalid(`expires at ${expiresAt}, expected after ${now}`);
  const view = await graph(now);
  for (const uri of [from, to]) findEntity(view, uri, undefined);
  // First, so that no override is left standing because of a crash.
  if (expiresAt !== undefined) await expiries.note({ subject: from, expiresAt });
  const override = {
    ...asked,
    author: actor.id,
    authorTeams: actor.teams,
    ...(expiresAt !== undefined && { expiresAt }),
  };
  return restated(store, asked, now, (said) => withOverride(said, override));
}

/** Does nothing more to one that has ended. Throws `NotFound` (code `unknown-override`) when there never was one. */
export function withdrawOverride(store: OverridePorts['store'], edge: Edge, now: Instant): Promise<EdgeOverride> {
  parseEntityRef(edge.from);
  return restated(store, edge, now, (said) => withoutOverride(said, edge));
}

export type ListedOverride = EdgeOverride & {
  /** Of one that stands: who contradicts it. */
  readonly conflict?: EdgeConflict;
  /** Of one that another team's has taken the place of, which has not been settled since. */
  readonly contested?: true;
};

/** Those that stand first, then the latest first. */
export async function listOverrides(
  { store, graph }: { readonly store: Pick<GraphStore, 'get'>; readonly graph: GraphAt },
  subject: EntityUri,
  now: Instant,
): Promise<readonly ListedOverride[]> {
  parseEntityRef(subject);
  const conflicts = conflictsAt(await graph(now), subject, now);
  const { claims } = (await store.get(contributionId(overrideProvider, subject)))?.contribution ?? { claims: [] };
  const rank = ({ until }: EdgeOverride) => (until === undefined ? 0 : 1);
  return claims
    .map((claim) => listed(overrideOf(claim, now), conflicts.get(edgeId(claim))))
    .toSorted((a, b) => rank(a) - rank(b) || (a.since > b.since ? -1 : 1));
}

function listed(override: EdgeOverride, contested: ContestedEdge | undefined): ListedOverride {
  if (contested === undefined) return override;
  const { conflict } = contested;
  if (override.until === undefined) return { ...override, conflict };
  const isParty = conflict.parties.some(
    ({ claimant, since, until }) =>
      claimant === override.author && since === override.since && until === override.until,
  );
  return isParty ? { ...override, contested: true } : override;
}

// Read, decided and written again together: overrides of two edges of one entity are one contribution.
function restated(
  store: OverridePorts['store'],
  edge: Edge,
  now: Instant,
  next: (said: Overriding) => Statement,
): Promise<EdgeOverride> {
  const streamId = contributionId(overrideProvider, edge.from);
  return withRetryOnConflict(async () => {
    const claims = (await store.get(streamId))?.contribution.claims ?? [];
    await makeStatements(store, {
      provider: overrideProvider,
      statements: [next({ subject: edge.from, claims, now })],
      now,
    });
    const after = (await store.get(streamId))?.contribution.claims ?? [];
    const last = after.filter((claim) => edgeId(claim) === edgeId(edge)).at(-1);
    if (last === undefined) throw notFound('override', edgeId(edge));
    return overrideOf(last, now);
  });
}

function invalid(message: string): RunwayError {
  return new RunwayError('InvalidRequest', 'invalid-override', message);
}
