import type { Instant } from '../../time.ts';
import { createAdjacency } from '../adjacency.ts';
import { type AliasGroups, groupAliases } from '../alias-groups.ts';
import { type Contribution, type EdgeClaim, endExpired, holdsAt, isDependencyAt, nextExpiry } from '../contribution.ts';
import type { EntityUri } from '../entity-ref.ts';
import type { DependenciesAt, GraphView } from '../graph-view-types.ts';
import { partsOfContributionId } from '../provider-contribution.ts';
import { withoutSuppressed } from '../suppress-edges.ts';
import type { Direction } from '../walk.ts';
import { createBaseGraph } from './base-graph.ts';
import type { GraphColumns } from './graph-columns.ts';

/** The columns with whatever streams said since laid over them. */
export function createSnapshotView(columns: GraphColumns): GraphView {
  const base = createBaseGraph(columns);
  const since = createAdjacency();
  const sinceByStream = new Map<string, Contribution>();
  const aliasesSince = new Map<string, readonly EdgeClaim[]>();
  /** Nodes of everything that is named in what was said since; new ones count on from the columns'. */
  const nodesSince = new Map<EntityUri, number>();
  const newUris: EntityUri[] = [];
  const uriSince = new Map<number, EntityUri>();
  const suppressingSince = new Map<string, readonly EdgeClaim[]>();
  /** By stream, when the first of its overrides is to end. */
  const expiries = new Map<string, Instant>();
  let aliasesNow: AliasGroups | undefined;
  let suppressed: ReadonlyMap<number, readonly EdgeClaim[]> | undefined;

  const uriOf = (node: number) => uriSince.get(node) ?? base.uriOf(node);
  const nodeOf = (uri: EntityUri) => nodesSince.get(uri) ?? base.nodeOf(uri);

  function numberOf(uri: EntityUri): number {
    const known = nodesSince.get(uri) ?? base.nodeOf(uri);
    const node = known ?? base.nodeCount + newUris.length;
    if (known === undefined) newUris.push(uri);
    nodesSince.set(uri, node);
    uriSince.set(node, uri);
    return node;
  }

  function replace(streamId: string, contribution: Contribution): void {
    const stream = base.streamOf(streamId);
    if (stream !== undefined) base.takeOut(stream);
    for (const { uri } of contribution.entities) numberOf(uri);
    for (const { from, to } of contribution.claims) {
      numberOf(from);
      numberOf(to);
    }
    since.replace(streamId, contribution);
    sinceByStream.set(streamId, contribution);
    keep(
      aliasesSince,
      streamId,
      contribution,
      ({ type, suppresses }) => type === 'aliasOf' && suppresses === undefined,
    );
    keep(suppressingSince, streamId, contribution, ({ suppresses }) => suppresses !== undefined);
    noteExpiry(streamId, contribution);
    aliasesNow = undefined;
    suppressed = undefined;
  }

  function noteExpiry(streamId: string, { claims: said }: Contribution): void {
    const next = nextExpiry(said);
    if (next === undefined) expiries.delete(streamId);
    else expiries.set(streamId, next);
  }

  function saidBefore(stream: number): Contribution {
    return { entities: base.entitiesOfStream(stream), claims: base.claimsOfStream(stream) };
  }

  /** Suppressions by the nodes at either end: few, so whatever they touch is judged claim by claim. */
  function suppressions(): ReadonlyMap<number, readonly EdgeClaim[]> {
    if (suppressed !== undefined) return suppressed;
    const all = [...base.suppressions(), ...[...suppressingSince.values()].flat()];
    const ends = all.flatMap((claim) =>
      [...new Set([claim.from, claim.to])].map((uri) => [nodeOf(uri)!, claim] as const),
    );
    const byNode = Map.groupBy(ends, ([node]) => node);
    suppressed = new Map([...byNode].map(([node, pairs]) => [node, pairs.map(([, claim]) => claim)]));
    return suppressed;
  }

  function* aliasPairs(asOf: Instant | undefined): Iterable<readonly [number, number]> {
    const contested = suppressions();
    for (const pair of base.aliases(asOf)) if (!contested.has(pair[0])) yield pair;
    for (const claim of [...aliasesSince.values()].flat()) {
      const from = nodesSince.get(claim.from)!;
      if (holdsAt(claim, asOf) && !contested.has(from)) yield [from, nodesSince.get(claim.to)!];
    }
    for (const node of contested.keys())
      for (const claim of claims(uriOf(node), 'upstream'))
        if (claim.type === 'aliasOf' && holdsAt(claim, asOf)) yield [node, nodeOf(claim.to)!];
  }

  function groupsAt(asOf: Instant | undefined): AliasGroups {
    if (asOf !== undefined) return groupAliases(aliasPairs(asOf), uriOf);
    aliasesNow ??= groupAliases(aliasPairs(undefined), uriOf);
    return aliasesNow;
  }

  function at(asOf: Instant | undefined): DependenciesAt {
    const groups = groupsAt(asOf);
    const ways = { upstream: way(asOf, 'upstream'), downstream: way(asOf, 'downstream') };
    const members = (node: number) => groups.membersOf.get(node) ?? [node];
    const canonical = (node: number) => groups.canonicalOf.get(node) ?? node;
    if (groups.canonicalOf.size === 0)
      return { canonical, members, each: (node, direction, visit) => ways[direction](node, visit) };
    return {
      canonical,
      members,
      each(node, direction, visit) {
        for (const member of members(node))
          ways[direction](member, (next) => {
            const other = canonical(next);
            // An entity does not depend on itself because one of its names does on another.
            if (other !== node || next === member) visit(other);
          });
      },
    };
  }

  function way(asOf: Instant | undefined, direction: Direction) {
    const before = base.each(asOf, direction);
    const contested = suppressions();
    if (sinceByStream.size === 0 && contested.size === 0) return before;
    const judge = (found: Iterable<EdgeClaim>, visit: (next: number) => void) => {
      for (const claim of found)
        if (isDependencyAt(claim, asOf)) visit(nodeOf(direction === 'upstream' ? claim.to : claim.from)!);
    };
    return (node: number, visit: (next: number) => void) => {
      if (contested.has(node)) return judge(claims(uriOf(node), direction), visit);
      if (node < base.nodeCount) before(node, visit);
      const uri = uriSince.get(node);
      if (uri !== undefined) judge(direction === 'upstream' ? since.claimsFrom(uri) : since.claimsTo(uri), visit);
    };
  }

  function claims(uri: EntityUri, direction: Direction): Iterable<EdgeClaim> {
    const known = base.nodeOf(uri);
    const before = known === undefined ? [] : [...base.claims(known, direction)];
    const after = direction === 'upstream' ? since.claimsFrom(uri) : since.claimsTo(uri);
    return withoutSuppressed([...before, ...after], suppressionsAt(uri));
  }

  function suppressionsAt(uri: EntityUri): readonly EdgeClaim[] {
    const node = nodeOf(uri);
    return (node !== undefined && suppressions().get(node)) || [];
  }

  function said(uri: EntityUri, direction: Direction): Iterable<EdgeClaim> {
    const known = base.nodeOf(uri);
    const before = known === undefined ? [] : [...base.claims(known, direction)];
    const after = [...(direction === 'upstream' ? since.saidFrom(uri) : since.saidTo(uri))];
    const end = direction === 'upstream' ? 'from' : 'to';
    const suppressing = suppressionsAt(uri).filter((claim) => claim[end] === uri);
    return [...before, ...after.filter(({ suppresses }) => suppresses === undefined), ...suppressing];
  }

  function descriptions(uri: EntityUri) {
    const node = base.nodeOf(uri);
    const before = node === undefined ? [] : base.entities(node);
    const described = Array.from(before, ([streamId, entity]) => {
      return { provider: partsOfContributionId(streamId)?.provider ?? 'registry', entity };
    });
    return [...described, ...since.descriptions(uri)];
  }

  for (const stream of new Set(base.expiringStreams())) noteExpiry(base.streamIdOf(stream), saidBefore(stream));

  return {
    get nodeCount() {
      return base.nodeCount + newUris.length;
    },
    nodeOf,
    uriOf,
    sortByUri(nodes) {
      // Numbers of the columns sort as their URIs do.
      if (nodes.every((node) => node < base.nodeCount)) nodes.sort();
      else nodes.sort((a, b) => (uriOf(a) < uriOf(b) ? -1 : 1));
    },
    at,
    replace,
    endExpired(now) {
      for (const [streamId] of [...expiries].filter(([, expiresAt]) => expiresAt <= now)) {
        const stream = base.streamOf(streamId);
        const said = stream === undefined ? sinceByStream.get(streamId) : saidBefore(stream);
        if (said !== undefined) replace(streamId, endExpired(said, now));
      }
    },
    descriptions,
    *uris() {
      for (let node = 0; node < base.nodeCount; node += 1) if (base.isSaid(node)) yield base.uriOf(node);
      for (const uri of since.uris()) {
        const node = base.nodeOf(uri);
        if (node === undefined || !base.isSaid(node)) yield uri;
      }
    },
    claimsFrom: (uri) => claims(uri, 'upstream'),
    claimsTo: (uri) => claims(uri, 'downstream'),
    saidFrom: (uri) => said(uri, 'upstream'),
    saidTo: (uri) => said(uri, 'downstream'),
    *contributions() {
      for (let stream = 0; stream < base.streamCount; stream += 1)
        if (!base.isTakenOut(stream)) yield [base.streamIdOf(stream), saidBefore(stream)];
      yield* sinceByStream;
    },
  };
}

function keep(
  kept: Map<string, readonly EdgeClaim[]>,
  streamId: string,
  { claims }: Contribution,
  isMeant: (claim: EdgeClaim) => boolean,
): void {
  const meant = claims.filter(isMeant);
  if (meant.length > 0) kept.set(streamId, meant);
  else kept.delete(streamId);
}
