import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAdjacency } from '../../../shared/domain/graph/adjacency.ts';
import { declareEdges, emptyContribution } from '../../../shared/domain/graph/contribution.ts';
import { findCycles } from '../../../shared/domain/graph/cycles.ts';
import { walk } from '../../../shared/domain/graph/walk.ts';
import { arcs, consumption, modelNamed, plainReach } from './arcs.ts';

const now = '2001-02-01T00:00:00.000Z';

function graphOf(pairs: readonly (readonly [number, number])[]) {
  const adjacency = createAdjacency();
  adjacency.replace(
    'all',
    declareEdges(emptyContribution, () => false, consumption(pairs), now),
  );
  return adjacency;
}

describe('a walk', () => {
  it('reaches what a plain search reaches, at the same depths, both ways', () => {
    fc.assert(
      fc.property(arcs, fc.integer({ min: 1, max: 6 }), fc.boolean(), (pairs, depth, isDown) => {
        const direction = isDown ? 'downstream' : 'upstream';
        const { reached } = walk(graphOf(pairs), { root: modelNamed(0), direction, depth });
        const found = new Map(reached.map(({ uri, depth: at }) => [uri, at]));
        expect(found).toEqual(plainReach(isDown ? pairs.map(([a, b]) => [b, a] as const) : pairs, depth));
      }),
    );
  });

  it('shows each entity once, with a path of its depth along edges that exist', () => {
    fc.assert(
      fc.property(arcs, (pairs) => {
        const { reached } = walk(graphOf(pairs), { root: modelNamed(0), direction: 'upstream', depth: 10 });
        expect(new Set(reached.map(({ uri }) => uri)).size).toBe(reached.length);
        const edges = new Set(pairs.map(([a, b]) => `${modelNamed(a)} ${modelNamed(b)}`));
        for (const { uri, depth, path } of reached) {
          expect([path[0], path.at(-1), path.length]).toEqual([modelNamed(0), uri, depth + 1]);
          for (const [i, from] of path.slice(0, -1).entries()) expect(edges.has(`${from} ${path[i + 1]}`)).toBe(true);
        }
      }),
    );
  });

  it('is cut exactly when a deeper one reaches more', () => {
    fc.assert(
      fc.property(arcs, fc.integer({ min: 1, max: 4 }), (pairs, depth) => {
        const request = { root: modelNamed(0), direction: 'upstream' as const };
        const short = walk(graphOf(pairs), { ...request, depth });
        const long = walk(graphOf(pairs), { ...request, depth: depth + 1 });
        expect(short.isCut).toBe(long.reached.length > short.reached.length);
      }),
    );
  });

  it('reports entities that depend on each other, and ends', () => {
    const { reached, cycles } = walk(
      graphOf([
        [0, 1],
        [1, 2],
        [2, 1],
        [2, 3],
        [3, 3],
      ]),
      { root: modelNamed(0), direction: 'upstream', depth: 10 },
    );
    expect(reached).toHaveLength(3);
    expect(cycles).toEqual([[modelNamed(1), modelNamed(2)], [modelNamed(3)]]);
  });

  it('reports a cycle that the root is part of', () => {
    const pairs = [
      [0, 1],
      [1, 0],
    ] as const;
    const { cycles } = walk(graphOf(pairs), { root: modelNamed(0), direction: 'downstream', depth: 5 });
    expect(cycles).toEqual([[modelNamed(0), modelNamed(1)]]);
  });

  it('finds cycles in a chain that is longer than the call stack', () => {
    const length = 50_000;
    const nodes = Array.from({ length }, (_, i) => String(i));
    const cycles = findCycles(nodes, (node) => [String((Number(node) + 1) % length)]);
    expect(cycles.map((group) => group.length)).toEqual([length]);
  });
});
