import { RunwayError } from '../../domain/errors.ts';
import type { Adjacency } from '../../domain/graph/adjacency.ts';
import { aliasesOf, canonicalUri } from '../../domain/graph/aliases.ts';
import { type EdgeClaim, holdsAt } from '../../domain/graph/contribution.ts';
import type { EdgeType } from '../../domain/graph/edge-types.ts';
import { type EntityRecord, recordOf } from '../../domain/graph/entity-record.ts';
import { type EntityUri, parseEntityRef } from '../../domain/graph/entity-ref.ts';
import type { EntityType } from '../../domain/graph/entity-types.ts';
import { type Following, followPaths } from '../../domain/graph/follow-paths.ts';
import type { GraphView, GraphWalk } from '../../domain/graph/graph-view-types.ts';
import type { RelationField } from '../../domain/graph/relation-paths.ts';
import type { Direction, Reached } from '../../domain/graph/walk.ts';
import { walkGraph } from '../../domain/graph/walk-graph.ts';
import type { Instant } from '../../domain/time.ts';
import { isKnown } from './find-entity.ts';

/** An entity as of a moment; undefined is the present. Made by a reader only, so that nobody holds what they may not see. */
export type EntityNode = {
  readonly uri: EntityUri;
  readonly type: EntityType;
  readonly record: EntityRecord;
  readonly asOf: Instant | undefined;
};

/** One claim of an edge that begins (`out`) or ends (`in`) at an entity, and the entity at its other end. */
export type Relation = {
  readonly direction: 'out' | 'in';
  readonly claim: EdgeClaim;
  readonly other: EntityNode;
};

export type Reach = {
  readonly reached: readonly (Pick<Reached, 'depth'> & {
    readonly entity: EntityNode;
    /** Undefined when it leads through something that the caller may not see. */
    readonly path: readonly EntityUri[] | undefined;
  })[];
  /** There is more beyond the depth. */
  readonly isCut: boolean;
};

/** Reads one state of the graph for one caller. */
export interface EntityReader {
  /** By any of its names; undefined when nobody mentions it or the caller may not see it, which look the same. */
  find(uri: EntityUri, asOf: Instant | undefined): EntityNode | undefined;
  /** In the order of `byNumberAndName`. */
  related(node: EntityNode, groups: RelationField['groups']): readonly EntityNode[];
  relations(node: EntityNode, types: readonly EdgeType[] | undefined): readonly Relation[];
  reach(node: EntityNode, direction: Direction, depth: number): Reach;
}

export type ReaderOptions = {
  readonly graph: GraphView;
  /** Whether the caller may see what this team owns; undefined asks for what no team owns. */
  readonly mayRead: (team: string | undefined) => boolean;
  /** Claims that one request may read. */
  readonly maximumClaims: number;
  /** Whether the caller has waited long enough. */
  readonly isOver: () => boolean;
};

/** Every method throws `InvalidRequest` (codes `answer-too-large`, `time-limit`) once the request has cost too much. */
export function createEntityReader({ graph, mayRead, maximumClaims, isOver }: ReaderOptions): EntityReader {
  const mayReadTeam = remembered(mayRead);
  const visible = new Map<EntityUri, boolean>();
  const nodes = new Map<string, EntityNode>();
  let spent = 0;

  function spend(claims: number): void {
    spent += claims;
    if (spent > maximumClaims) throw tooMuch('answer-too-large', `more than ${maximumClaims} edges to be read`);
    checkpoint();
  }

  function checkpoint(): void {
    if (isOver()) throw tooMuch('time-limit', 'more time than one request has');
  }

  function isVisible(uri: EntityUri): boolean {
    const known = visible.get(uri);
    if (known !== undefined) return known;
    const teams = teamsOf(graph, uri);
    const answer = teams.length === 0 ? mayReadTeam(undefined) : teams.some(mayReadTeam);
    visible.set(uri, answer);
    return answer;
  }

  function nodeOf(uri: EntityUri, asOf: Instant | undefined): EntityNode {
    const key = `${asOf} ${uri}`;
    const known = nodes.get(key);
    if (known !== undefined) return known;
    spend(1);
    const node = lazyNode(graph, uri, asOf);
    nodes.set(key, node);
    return node;
  }

  // Paths are long, and only those of the page are shown.
  function lazyReached(walk: GraphWalk, index: number, entity: EntityNode): Reach['reached'][number] {
    return {
      depth: walk.depthAt(index),
      entity,
      get path() {
        const { path } = walk.reachedAt(index);
        return path.every(isVisible) ? path : undefined;
      },
    };
  }

  const following = (asOf: Instant | undefined): Following => ({ graph, asOf, isVisible, spend });

  return {
    find(uri, asOf) {
      spend(1);
      const canonical = canonicalUri(graph, uri, asOf);
      return isKnown(graph, canonical) && isVisible(canonical) ? nodeOf(canonical, asOf) : undefined;
    },
    related: ({ uri, asOf }, groups) =>
      followPaths(following(asOf), uri, groups)
        .map((found) => nodeOf(found, asOf))
        .toSorted((a, b) => byUri(a.uri, b.uri)),
    relations({ uri, asOf }, types) {
      const relations: Relation[] = [];
      for (const name of [uri, ...aliasesOf(graph, uri, asOf)]) {
        for (const direction of ['out', 'in'] as const) {
          for (const claim of direction === 'out' ? graph.claimsFrom(name) : graph.claimsTo(name)) {
            spend(1);
            const other = direction === 'out' ? claim.to : claim.from;
            const isMeant = (types === undefined || types.includes(claim.type)) && holdsAt(claim, asOf);
            if (isMeant && isVisible(other)) relations.push({ direction, claim, other: nodeOf(other, asOf) });
          }
        }
      }
      return relations;
    },
    reach({ uri, asOf }, direction, depth) {
      const walk = walkGraph(graph, { root: uri, direction, depth, asOf, checkpoint });
      spend(walk.total);
      const reached: Reach['reached'][number][] = [];
      for (let index = 0; index < walk.total; index += 1) {
        checkpoint();
        const reachedUri = walk.uriAt(index);
        if (isVisible(reachedUri)) reached.push(lazyReached(walk, index, nodeOf(reachedUri, asOf)));
      }
      return { reached, isCut: walk.isCut };
    },
  };
}

// Of a thousand reached entities a page is shown, and only what is shown is put together.
function lazyNode(graph: Adjacency, uri: EntityUri, asOf: Instant | undefined): EntityNode {
  let record: EntityRecord | undefined;
  return {
    uri,
    type: parseEntityRef(uri).type,
    asOf,
    get record() {
      const names = [uri, ...aliasesOf(graph, uri, asOf)];
      record ??= recordOf(
        uri,
        names.flatMap((name) => graph.descriptions(name)),
      );
      return record;
    },
  };
}

const collator = new Intl.Collator('en', { numeric: true });

/** Cell 2 before cell 10; the same on every machine for URIs, which are ASCII. */
export function byUri(a: EntityUri, b: EntityUri): number {
  return collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}

function teamsOf(graph: Adjacency, uri: EntityUri): readonly string[] {
  const teams = new Set<string>();
  for (const claim of graph.claimsFrom(uri)) {
    if (claim.type !== 'ownedBy' || !holdsAt(claim, undefined)) continue;
    const { type, id } = parseEntityRef(claim.to);
    if (type === 'team') teams.add(id);
  }
  return [...teams];
}

function remembered<K>(decide: (key: K) => boolean): (key: K) => boolean {
  const decisions = new Map<K, boolean>();
  return (key) => {
    const decision = decisions.get(key) ?? decide(key);
    decisions.set(key, decision);
    return decision;
  };
}

function tooMuch(code: string, what: string): RunwayError {
  return new RunwayError('InvalidRequest', code, `the answer needs ${what}; ask for less at once`);
}
