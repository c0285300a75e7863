import { RunwayError } from '../../domain/errors.ts';
import type { Adjacency } from '../../domain/graph/adjacency.ts';
import { aliasesOf } from '../../domain/graph/aliases.ts';
import { type EdgeClaim, edgeId, holdsAt } from '../../domain/graph/contribution.ts';
import type { ContestedEdge, EdgeConflict } from '../../domain/graph/enrichment/edge-conflict.ts';
import { conflictsAt } from '../../domain/graph/enrichment/entity-conflicts.ts';
import { registryPlatform } from '../../domain/graph/entities.ts';
import { type Described, type EntityRecord, recordOf } from '../../domain/graph/entity-record.ts';
import { type EntityUri, parseEntityRef } from '../../domain/graph/entity-ref.ts';
import type { EntityType } from '../../domain/graph/entity-types.ts';
import { partsOfContributionId } from '../../domain/graph/provider-contribution.ts';
import { modelStream, versionStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { GraphStore, StoredContribution } from '../../ports/graph-store.ts';
import { findEntity } from './find-entity.ts';
import type { GraphAt } from './graph-view.ts';

export type Relation = Pick<EdgeClaim, 'type' | 'provenance' | 'claimant' | 'validFrom'> &
  Partial<Pick<EdgeClaim, 'evidence' | 'confidence' | 'validTo'>> & {
    /** That its edge is in at present. */
    readonly conflict?: EdgeConflict;
    /** `out`: the entity depends on the other, or belongs to it. */
    readonly direction: 'out' | 'in';
    readonly uri: EntityUri;
    readonly entityType: EntityType;
    readonly name: string;
  };

export type EntityView = {
  readonly entity: EntityRecord;
  readonly requested?: EntityUri;
  readonly aliases: readonly EntityUri[];
  readonly relations: readonly Relation[];
  /** Relations, all pages together. */
  readonly total: number;
  readonly asOf: Instant;
  readonly cursor?: string;
};

type Ports = { readonly store: Pick<GraphStore, 'about' | 'getMany'>; readonly graph: GraphAt };
type Request = {
  readonly uri: EntityUri;
  readonly asOf?: Instant | undefined;
  /** Also relations that ended before. @default those that hold */
  readonly include?: 'ended' | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly now: Instant;
};

/**
 * All that is known of an entity at present, and its relations at `asOf`, each as somebody claims it. Throws `NotFound`
 * (code `unknown-entity`), `InvalidRequest` (code `invalid-cursor`).
 */
export async function viewEntity({ store, graph: view }: Ports, request: Request): Promise<EntityView> {
  const { asOf, now } = request;
  const graph = await view(now);
  const { uri, requested } = findEntity(graph, request.uri, asOf);
  const aliases = aliasesOf(graph, uri, asOf);
  const names = [uri, ...aliases];
  const descriptions = await Promise.all(names.map((name) => descriptionsOf(store, graph, name)));
  const relations = unique(names.flatMap((name) => relationsOf(graph, name, request))).filter(
    (each) => each.type !== 'aliasOf' || each.uri !== uri,
  );
  return {
    entity: recordOf(uri, descriptions.flat()),
    ...(requested !== undefined && { requested }),
    aliases,
    ...pageOf(relations, request),
    total: relations.length,
    asOf: asOf ?? now,
  };
}

async function descriptionsOf(store: Ports['store'], graph: Adjacency, uri: EntityUri): Promise<readonly Described[]> {
  const [said, streams] = await Promise.all([store.about(uri), store.getMany(registryStreams(uri))]);
  const stored = [...said, ...streams].flatMap((each) => describedBy(each, uri));
  // Who mentions it from another subject's stream is only in the view.
  const others = graph.descriptions(uri).filter(({ provider }) => stored.every((each) => each.provider !== provider));
  return [...stored, ...others];
}

function registryStreams(uri: EntityUri): readonly string[] {
  const { type, platform, id } = parseEntityRef(uri);
  if (platform !== registryPlatform) return [];
  if (type === 'model') return [modelStream(id)];
  const slash = id.lastIndexOf('/');
  return type === 'model-version' ? [versionStream(id.slice(0, slash), Number(id.slice(slash + 1)))] : [];
}

function describedBy({ streamId, contribution }: StoredContribution, uri: EntityUri): readonly Described[] {
  const provider = partsOfContributionId(streamId)?.provider ?? registryPlatform;
  return contribution.entities.filter((entity) => entity.uri === uri).map((entity) => ({ provider, entity }));
}

function relationsOf(graph: Adjacency, uri: EntityUri, { asOf, include, now }: Request): readonly Relation[] {
  const isMeant = (claim: EdgeClaim) => (include === 'ended' ? claim.validFrom <= (asOf ?? now) : holdsAt(claim, asOf));
  // Of the past nobody is asked any more.
  const conflicts = asOf === undefined ? conflictsAt(graph, uri, now) : new Map<string, ContestedEdge>();
  const relationOf = (claim: EdgeClaim, direction: 'out' | 'in'): Relation => {
    const contested = conflicts.get(edgeId(claim));
    return { ...relation(graph, claim, direction), ...(contested && { conflict: contested.conflict }) };
  };
  const relations: Relation[] = [];
  for (const claim of graph.claimsFrom(uri)) if (isMeant(claim)) relations.push(relationOf(claim, 'out'));
  for (const claim of graph.claimsTo(uri)) if (isMeant(claim)) relations.push(relationOf(claim, 'in'));
  return relations;
}

function relation(graph: Adjacency, claim: EdgeClaim, direction: 'out' | 'in'): Relation {
  const { from, to, claimantTeams: _teams, ...said } = claim;
  const other = direction === 'out' ? to : from;
  const { type, name } = recordOf(other, graph.descriptions(other));
  return { ...said, direction, uri: other, entityType: type, name };
}

function keyOf({ direction, type, uri, claimant, validFrom }: Relation): string {
  return [direction === 'out' ? '0' : '1', type, uri, claimant, validFrom].join(' ');
}

// What is claimed of two names of one entity is shown once; an alias is shown from the canonical name's side only.
function unique(relations: readonly Relation[]): readonly Relation[] {
  const byKey = new Map(relations.map((each) => [keyOf(each), each]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function pageOf(relations: readonly Relation[], { limit, cursor }: Request) {
  const after = cursor === undefined ? '' : positionOf(cursor);
  const left = relations.filter((each) => keyOf(each) > after);
  const page = left.slice(0, limit);
  const last = page.at(-1);
  const next = last !== undefined && left.length > page.length ? Buffer.from(keyOf(last)).toString('base64url') : '';
  return { relations: page, ...(next !== '' && { cursor: next }) };
}

function positionOf(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (/^[01] \w+ aip:\/\/.+$/.test(key)) return key;
  const field = { field: 'query:/cursor', code: 'invalid-cursor', reason: 'expected the cursor of the page before' };
  throw new RunwayError('InvalidRequest', 'invalid-cursor', 'the cursor does not belong to this list', [field]);
}
