import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAdjacency } from '../../../shared/domain/graph/adjacency.ts';
import type { EdgeClaim } from '../../../shared/domain/graph/contribution.ts';
import type { EdgeType } from '../../../shared/domain/graph/edge-types.ts';
import { findPath } from '../../../shared/domain/graph/find-path.ts';
import { findAllCycles } from '../../../shared/domain/graph/graph-cycles.ts';
import type { GraphView } from '../../../shared/domain/graph/graph-view-types.ts';
import { buildColumns } from '../../../shared/domain/graph/snapshot/build-columns.ts';
import { createSnapshotView } from '../../../shared/domain/graph/snapshot/snapshot-view.ts';
import { walk } from '../../../shared/domain/graph/walk.ts';
import { walkGraph } from '../../../shared/domain/graph/walk-graph.ts';
import { modelNamed } from './arcs.ts';
import { graphHistories, type Happening, moments } from './graph-histories.ts';

const dependencies: readonly EdgeType[] = ['consumes', 'derivedFrom', 'versionOf'];
const nodes = Array.from({ length: 12 }, (_, number) => modelNamed(number));
const way = fc.constantFrom('upstream' as const, 'downstream' as const);
const moment = fc.constantFrom(undefined, ...moments);

function viewAfter(history: readonly Happening[]): GraphView {
  let view = createSnapshotView(buildColumns(0, []));
  for (const happening of history) {
    if (happening === 'compact') view = createSnapshotView(buildColumns(0, view.contributions()));
    else view.replace(...happening);
  }
  return view;
}

function mapsAfter(history: readonly Happening[]) {
  const maps = createAdjacency();
  for (const happening of history) if (happening !== 'compact') maps.replace(...happening);
  return maps;
}

const asSet = (items: Iterable<unknown>) => [...items].map((item) => JSON.stringify(sortedKeys(item))).toSorted();
const sortedKeys = (item: unknown): unknown =>
  typeof item === 'object' && item !== null && !Array.isArray(item)
    ? Object.fromEntries(
        Object.entries(item)
          .toSorted()
          .map(([key, value]) => [key, sortedKeys(value)]),
      )
    : item;

describe('a view of a snapshot and what was said since', () => {
  it('says what maps say, whenever it was compacted', () => {
    fc.assert(
      fc.property(graphHistories(dependencies), (history) => {
        const [view, maps] = [viewAfter(history), mapsAfter(history)];
        expect(asSet(view.uris())).toEqual(asSet(maps.uris()));
        for (const uri of nodes) {
          expect(asSet(view.claimsFrom(uri))).toEqual(asSet(maps.claimsFrom(uri)));
          expect(asSet(view.claimsTo(uri))).toEqual(asSet(maps.claimsTo(uri)));
          expect(asSet(view.saidFrom(uri))).toEqual(asSet(maps.saidFrom(uri)));
          expect(asSet(view.saidTo(uri))).toEqual(asSet(maps.saidTo(uri)));
          expect(asSet(view.descriptions(uri))).toEqual(asSet(maps.descriptions(uri)));
        }
      }),
    );
  });

  it('is walked as maps are, at any moment and to any depth', () => {
    fc.assert(
      fc.property(graphHistories(dependencies), way, moment, fc.nat(4), (history, direction, asOf, extra) => {
        const request = { root: modelNamed(0), direction, depth: extra + 1, asOf };
        const found = walkGraph(viewAfter(history), request);
        const expected = walk(mapsAfter(history), request);
        expect(found.reached()).toEqual(expected.reached);
        expect([found.total, found.isCut]).toEqual([expected.reached.length, expected.isCut]);
        expect(found.cycles()).toEqual(expected.cycles);
        for (const [index, { uri, type, depth }] of expected.reached.entries())
          expect([found.uriAt(index), found.typeAt(index), found.depthAt(index)]).toEqual([uri, type, depth]);
      }),
    );
  });

  it('walks entities that are aliases of each other as one', () => {
    const types: readonly EdgeType[] = ['consumes', 'aliasOf'];
    fc.assert(
      fc.property(graphHistories(types), way, moment, (history, direction, asOf) => {
        const view = viewAfter(history);
        const believed = nodes.flatMap((uri) => [...mapsAfter(history).claimsFrom(uri)]);
        const canonical = plainCanonical(believed, asOf);
        const maps = createAdjacency();
        const claims = believed
          .map((claim) => ({ ...claim, from: canonical(claim.from), to: canonical(claim.to) }))
          .filter(({ from, to }, index) => from !== to || believed[index]!.from === believed[index]!.to);
        maps.replace('renamed', { entities: [], claims });
        const request = { root: modelNamed(0), direction, depth: 20, asOf };
        const found = walkGraph(view, request);
        const expected = walk(maps, { ...request, root: canonical(modelNamed(0)) });
        expect(found.reached().map(({ uri, path }) => [uri, path])).toEqual(
          expected.reached.map(({ uri, path }) => [uri, path]),
        );
        expect(found.cycles()).toEqual(expected.cycles);
      }),
    );
  });

  it('has the cycles that walks from everywhere meet', () => {
    fc.assert(
      fc.property(graphHistories(dependencies), (history) => {
        const view = viewAfter(history);
        const met = nodes.flatMap(
          (root) => walk(mapsAfter(history), { root, direction: 'upstream', depth: 20 }).cycles,
        );
        expect(new Set(findAllCycles(view, view.at(undefined)).map(String))).toEqual(new Set(met.map(String)));
      }),
    );
  });
});

describe('a path between two entities', () => {
  it('is as long as a walk says, whichever depends on the other, along claims that hold', () => {
    fc.assert(
      fc.property(graphHistories(dependencies), moment, fc.nat(11), (history, asOf, end) => {
        const [view, maps] = [viewAfter(history), mapsAfter(history)];
        const [from, to] = [modelNamed(0), modelNamed(end)];
        const depths = (['upstream', 'downstream'] as const).map((direction) =>
          from === to
            ? 0
            : walk(maps, { root: from, direction, depth: 20, asOf }).reached.find(({ uri }) => uri === to)?.depth,
        );
        const known = depths.filter((depth) => depth !== undefined);
        const path = findPath(view, from, to, asOf);
        const isNamed = view.nodeOf(from) !== undefined && view.nodeOf(to) !== undefined;
        expect(path?.steps.length).toBe(known.length === 0 || !isNamed ? undefined : Math.min(...known) + 1);
        for (const [index, { uri, claims }] of (path?.steps ?? []).entries()) {
          const before = path!.steps[index - 1]?.uri;
          const [a, b] = path!.direction === 'upstream' ? [before, uri] : [uri, before];
          expect(claims.length > 0).toBe(index > 0);
          for (const claim of claims) expect([claim.from, claim.to]).toEqual([a, b]);
        }
      }),
    );
  });
});

describe('a walk', () => {
  it('is cancelled by whoever throws between two levels', () => {
    const claims = [0, 1, 2].map((number) => ({
      from: modelNamed(number),
      to: modelNamed(number + 1),
      type: 'consumes' as const,
      provenance: 'declared' as const,
      claimant: 'dbt',
      validFrom: moments[0]!,
    }));
    const view = createSnapshotView(buildColumns(0, [['model#m0', { entities: [], claims }]]));
    let levels = 0;
    const checkpoint = () => {
      levels += 1;
      if (levels === 2) throw new Error('too late');
    };
    const request = { root: modelNamed(0), direction: 'upstream' as const, depth: Number.POSITIVE_INFINITY };
    expect(() => walkGraph(view, { ...request, checkpoint })).toThrow('too late');
    expect(walkGraph(view, request).total).toBe(3);
  });
});

/** Renames until nothing is left to rename: the oracle. */
function plainCanonical(claims: readonly EdgeClaim[], asOf: string | undefined): (uri: string) => string {
  const aliases = claims
    .filter(({ type, from, to }) => type === 'aliasOf' && from !== to)
    .filter(({ validFrom, validTo }) =>
      asOf === undefined ? validTo === undefined : validFrom <= asOf && (validTo === undefined || asOf < validTo),
    );
  const groupOf = new Map(nodes.map((uri) => [uri, new Set([uri])]));
  for (const { from, to } of aliases) {
    const union = new Set([...groupOf.get(from)!, ...groupOf.get(to)!]);
    for (const uri of union) groupOf.set(uri, union);
  }
  return (uri) => {
    const group = [...groupOf.get(uri)!].toSorted();
    return group.find((member) => !aliases.some(({ from }) => from === member)) ?? group[0]!;
  };
}
