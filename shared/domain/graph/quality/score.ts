import { dayMillis, type Instant, toMillis } from '../../time.ts';
import type { Adjacency } from '../adjacency.ts';
import { edgeId, isDependencyAt } from '../contribution.ts';
import type { EdgeType } from '../edge-types.ts';
import { conflictsAt } from '../enrichment/entity-conflicts.ts';
import { type NameIndex, namesakesOf } from '../enrichment/name-index.ts';
import { type EntityRecord, recordOf } from '../entity-record.ts';
import type { EntityUri } from '../entity-ref.ts';
import { type EntityType, entityTypeDefinitions } from '../entity-types.ts';
import { hasLeft, ownersOf, owningTeams, sources, targets } from './owning-teams.ts';

export type QualityPart = 'description' | 'owner' | 'freshness' | 'lineage' | 'schema';
export type Anomaly =
  | 'owner-left'
  | 'orphan'
  | 'stale-hydration'
  | 'unresolved'
  | 'unused-but-served'
  | 'two-owning-teams'
  | 'same-asset-twice'
  | 'contested-edge'
  | 'unconfirmed-override';

export type Quality = {
  /** 0..1 */
  readonly score: number;
  /** 0..1 each; absent where it does not apply to the type. */
  readonly parts: Readonly<Partial<Record<QualityPart, number>>>;
  readonly anomalies: readonly { readonly kind: Anomaly; readonly detail: string }[];
};

const edgesNamed = 5;

type Graph = Adjacency;
export type QualityInput = { readonly graph: Graph; readonly named: NameIndex };

/** What somebody who finds the entity misses most weighs most. */
const weights: Readonly<Record<QualityPart, number>> = {
  description: 0.2,
  owner: 0.25,
  freshness: 0.15,
  lineage: 0.25,
  schema: 0.15,
};
/** Days since a provider said something new of it: full marks, and none. */
const [freshDays, staleDays] = [90, 365];

/** What an entity of the type has when its lineage is complete: each of these a part, any of the edges in it will do. */
const expectedLineage: Readonly<Partial<Record<EntityType, readonly Expected[]>>> = {
  model: [out('servedBy', 'producedBy'), out('consumes')],
  'model-version': [out('versionOf'), out('trainedOn', 'consumes'), out('producedBy')],
  dataset: [out('producedBy', 'derivedFrom')],
  feature: [out('producedBy', 'derivedFrom', 'consumes', 'partOf')],
  pipeline: [out('consumes'), into('producedBy', 'runOf')],
  'pipeline-run': [out('runOf')],
  experiment: [into('partOf', 'testedBy')],
  'experiment-cell': [out('partOf')],
  service: [out('consumes')],
};
type Expected = { readonly way: 'out' | 'in'; readonly types: readonly EdgeType[] };
function out(...types: readonly EdgeType[]): Expected {
  return { way: 'out', types };
}
function into(...types: readonly EdgeType[]): Expected {
  return { way: 'in', types };
}

/** People and teams own, are not owned; runs and what they leave belong to what ran. */
const unowned: ReadonlySet<EntityType> = new Set(['person', 'team', 'column', 'step', 'job-attempt', 'run-request']);

/**
 * How good the metadata of an entity are: the mean of the parts that apply to its type, by `weights`. Description: there
 * is one. Owner: somebody is named, and the share of those named who have not left. Freshness: 1 until 90 days after a
 * provider said something new, falling to 0 at 365; of the registry's own 1. Lineage: the share of `expectedLineage`.
 * Schema: the share of its type's attributes that are filled. A placeholder scores 0.
 */
export function qualityOf({ graph, named }: QualityInput, uri: EntityUri, now: Instant): Quality {
  const record = recordOf(uri, graph.descriptions(uri));
  const anomalies = anomaliesOf({ graph, named }, record, now);
  if (record.state === 'placeholder') return { score: 0, parts: {}, anomalies };
  const parts = partsOf(graph, record, now);
  const applying = (Object.keys(weights) as QualityPart[]).filter((part) => parts[part] !== undefined);
  const total = applying.reduce((sum, part) => sum + weights[part], 0);
  const score = applying.reduce((sum, part) => sum + weights[part] * (parts[part] ?? 0), 0) / total;
  return { score, parts, anomalies };
}

function partsOf(graph: Graph, record: EntityRecord, now: Instant): Quality['parts'] {
  const expected = expectedLineage[record.type];
  const attributes = Object.keys(entityTypeDefinitions[record.type].attributes.shape);
  const isUnowned = unowned.has(record.type);
  return {
    description: record.description === undefined ? 0 : 1,
    ...(!isUnowned && { owner: ownerPart(graph, record.uri) }),
    freshness: freshnessOf(record, now),
    ...(expected !== undefined && { lineage: share(expected, (each) => hasEdge(graph, record.uri, each)) }),
    ...(attributes.length > 0 && { schema: share(attributes, (name) => record.attributes[name] !== undefined) }),
  };
}

function ownerPart(graph: Graph, uri: EntityUri): number {
  const owners = ownersOf(graph, uri);
  if (owners.length > 0) return share(owners, (owner) => !hasLeft(graph, owner));
  return owningTeams(graph, uri).length > 0 ? 1 : 0;
}

function freshnessOf({ state, hydratedAt }: EntityRecord, now: Instant): number {
  if (state === 'tombstone') return 0;
  if (hydratedAt === undefined) return 1;
  const days = (toMillis(now) - toMillis(hydratedAt)) / dayMillis;
  return Math.min(1, Math.max(0, (staleDays - days) / (staleDays - freshDays)));
}

function hasEdge(graph: Graph, uri: EntityUri, { way, types }: Expected): boolean {
  return (way === 'out' ? targets(graph, uri, types) : sources(graph, uri, types)).length > 0;
}

function share<T>(items: readonly T[], isMet: (item: T) => boolean): number {
  return items.filter(isMet).length / items.length;
}

function anomaliesOf({ graph, named }: QualityInput, record: EntityRecord, now: Instant): Quality['anomalies'] {
  const { uri, type, state } = record;
  const found: { kind: Anomaly; detail: string }[] = [];
  const left = ownersOf(graph, uri).filter((owner) => hasLeft(graph, owner));
  if (left.length > 0) found.push({ kind: 'owner-left', detail: `${left.join(', ')} no longer there` });
  const teams = owningTeams(graph, uri);
  if (teams.length === 0 && !unowned.has(type)) found.push({ kind: 'orphan', detail: 'no team answers for it' });
  if (teams.length > 1) found.push({ kind: 'two-owning-teams', detail: teams.join(', ') });
  if (state === 'placeholder') found.push({ kind: 'unresolved', detail: 'mentioned, and described by nobody' });
  const stale = staleSince(graph, record, now);
  if (stale !== undefined) found.push({ kind: 'stale-hydration', detail: `nothing new was said of it since ${stale}` });
  if (type === 'model' && isUnusedButServed(graph, uri))
    found.push({ kind: 'unused-but-served', detail: 'a version serves it, and nothing depends on it' });
  const namesakes = namesakesOf(graph, named, uri);
  if (namesakes.length > 0) found.push({ kind: 'same-asset-twice', detail: namesakes.slice(0, 5).join(', ') });
  return [...found, ...anomaliesOfEdges(graph, uri, now)];
}

/** Of the entity's edges: teams contradict each other, or somebody has been alone for long. */
function anomaliesOfEdges(graph: Graph, uri: EntityUri, now: Instant): Quality['anomalies'] {
  const contested = [...conflictsAt(graph, uri, now).values()];
  const between = contested.filter(({ conflict }) => conflict.isBetweenTeams);
  const alone = contested.filter(({ conflict }) => conflict.kind === 'unconfirmed-addition');
  const detail = (edges: typeof contested) => edges.map(edgeId).toSorted().slice(0, edgesNamed).join(', ');
  return [
    ...(between.length > 0 ? [{ kind: 'contested-edge' as const, detail: detail(between) }] : []),
    ...(alone.length > 0 ? [{ kind: 'unconfirmed-override' as const, detail: detail(alone) }] : []),
  ];
}

/** Described long ago, though what it has to do with others has changed since. */
function staleSince(graph: Graph, { uri, hydratedAt, state }: EntityRecord, now: Instant): Instant | undefined {
  if (hydratedAt === undefined || state === 'tombstone') return undefined;
  if (toMillis(now) - toMillis(hydratedAt) < freshDays * dayMillis) return undefined;
  for (const claim of graph.claimsFrom(uri)) if (claim.validFrom > hydratedAt) return hydratedAt;
  return undefined;
}

function isUnusedButServed(graph: Graph, uri: EntityUri): boolean {
  if (targets(graph, uri, ['servedBy']).length === 0) return false;
  for (const claim of graph.claimsTo(uri)) if (isDependencyAt(claim, undefined)) return false;
  return true;
}
