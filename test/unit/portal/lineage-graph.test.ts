import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutGraph, nodeSize } from '../../../portal/src/graph/graph-layout.ts';
import { hopsText, lineageOf } from '../../../portal/src/graph/lineage-model.ts';
import { firstView, visibleGraph } from '../../../portal/src/graph/visible-graph.ts';
import { firstViewport, neighbourOf, pathThrough } from '../../../portal/src/graph/walk-graph.ts';
import { reached, root, tree } from './made-up-lineage.ts';

const none = { items: [] };
const uri = (id: string) => `aip://dataset/test/${id}`;
const all = { ...firstView, isAllOpen: true };

describe('a lineage', () => {
  test('has upstream at negative hops and edges from dependant to dependency', () => {
    const { nodes, edges } = lineageOf(root, { items: [reached('a'), reached('b', ['a'])] }, { items: [reached('c')] });
    expect(nodes.map(({ name, hops }) => [name, hops])).toEqual([
      ['a', -1],
      ['c', 1],
      ['b', -2],
    ]);
    expect(edges).toEqual([
      { from: root.uri, to: uri('a') },
      { from: uri('a'), to: uri('b') },
      { from: uri('c'), to: root.uri },
    ]);
  });

  test('shows what is on both sides, in a circle, once, where it is nearer', () => {
    const { nodes } = lineageOf(root, { items: [reached('a'), reached('b', ['a'])] }, { items: [reached('b')] });
    expect(nodes.map(({ name, hops }) => [name, hops])).toEqual([
      ['a', -1],
      ['b', 1],
    ]);
  });

  test('takes every edge among what is known, and none to what is not', () => {
    const edges = [
      { from: uri('b'), to: root.uri, type: 'consumes' },
      { from: uri('b'), to: uri('elsewhere'), type: 'consumes' },
    ] as const;
    const lineage = lineageOf(root, none, { items: [reached('a'), reached('b', ['a'])], edges });
    expect(lineage.edges).toContainEqual({ from: uri('b'), to: root.uri });
    expect(lineage.edges).toHaveLength(3);
  });

  test('says hops in words', () => {
    expect([-1, 0, 2].map(hopsText)).toEqual(['1 hop upstream', 'where you are', '2 hops downstream']);
  });
});

describe('what is drawn', () => {
  const chain = lineageOf(root, none, { items: [reached('a'), reached('b', ['a']), reached('c', ['a', 'b'])] });
  const drawn = (view = firstView, lineage = chain) => visibleGraph(lineage, view).nodes.map(({ id }) => id);

  test('is two hops, and one more where it is opened', () => {
    expect(drawn()).toEqual([root.uri, uri('a'), uri('b')]);
    expect(drawn({ ...firstView, toggled: new Set([uri('b')]) })).toContain(uri('c'));
    expect(drawn({ ...firstView, toggled: new Set([uri('a')]) })).toEqual([root.uri, uri('a')]);
    expect(drawn(all)).toHaveLength(4);
  });

  test('says of each how many it can show', () => {
    const behind = visibleGraph(chain, firstView).nodes.map((node) => [node.behind, node.isOpen]);
    expect(behind).toEqual([
      [1, true],
      [1, true],
      [1, false],
    ]);
  });

  test('is many of one type as one, until it is opened', () => {
    const items = Array.from({ length: 20 }, (_, index) => reached(`f${index}`, [], 'feature'));
    const lineage = lineageOf(root, { items: [...items, reached('a')] }, none);
    const closed = visibleGraph(lineage, firstView);
    expect(closed.nodes.map((node) => node.kind)).toEqual(['entity', 'entity', 'group']);
    const group = closed.nodes[2];
    expect(closed.edges.map(({ source, target }) => [source, target])).toEqual([
      [group?.id, root.uri],
      [uri('a'), root.uri],
    ]);
    expect(drawn({ ...firstView, toggled: new Set([group?.id ?? '']) }, lineage)).toHaveLength(23);
    expect(drawn(all, lineage)).toHaveLength(22);
  });

  test('leaves a type out and ties what lies behind it to the next one, marked as indirect', () => {
    const items = [reached('p', [], 'pipeline'), reached('d', ['pipeline:p'])];
    const lineage = lineageOf(root, { items }, none);
    const { nodes, edges } = visibleGraph(lineage, { ...firstView, hiddenTypes: new Set(['pipeline']) });
    expect(nodes.map(({ id }) => id)).toEqual([root.uri, uri('d')]);
    expect(edges).toMatchObject([{ source: uri('d'), target: root.uri, isIndirect: true }]);
  });

  test('has ends for every edge and everyone tied to the root, whatever is opened', () => {
    const lineage = lineageOf(root, { items: tree(60, 3) }, { items: tree(90, 8).map(other) });
    const ids = visibleGraph(lineage, all).nodes.map(({ id }) => id);
    fc.assert(
      fc.property(
        fc.subarray(ids),
        fc.boolean(),
        fc.subarray(['pipeline', 'dataset']),
        (toggled, isAllOpen, hidden) => {
          const view = { toggled: new Set(toggled), isAllOpen, hiddenTypes: new Set(hidden) };
          const { nodes, edges } = visibleGraph(lineage, view);
          const shown = new Set(nodes.map(({ id }) => id));
          expect(shown.size).toBe(nodes.length);
          for (const { source, target } of edges) expect([shown.has(source), shown.has(target)]).toEqual([true, true]);
          for (const { parent } of nodes) if (parent !== undefined) expect(shown).toContain(parent);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });
});

/** The same tree of other entities. */
function other(item: ReturnType<typeof reached>) {
  const rename = (name: string) => (name === root.uri ? name : `${name}-other`);
  return { ...item, uri: rename(item.uri), path: item.path.map(rename) };
}

describe('the layout', () => {
  const lineage = lineageOf(root, { items: tree(200, 5) }, { items: tree(300, 7).map(other) });
  const graph = visibleGraph(lineage, all);
  const positions = layoutGraph(graph);

  test('puts columns by hops, the root in the middle, and nobody onto somebody else', () => {
    expect(positions.get(root.uri)).toEqual({ x: 0, y: 0 });
    const columns = Map.groupBy(graph.nodes, ({ hops }) => hops);
    for (const [hops, nodes] of columns) {
      const ys = nodes.map(({ id }) => positions.get(id)!).toSorted((a, b) => a.y - b.y);
      for (const { x } of ys) expect(Math.sign(x)).toBe(Math.sign(hops));
      for (const [index, { y }] of ys.entries())
        if (index > 0) expect(y - ys[index - 1]!.y).toBeGreaterThanOrEqual(nodeSize.height);
    }
  });

  test('lays 500 out within a frame', () => {
    const startedAt = performance.now();
    for (let turn = 0; turn < 10; turn++) layoutGraph(visibleGraph(lineage, all));
    // A frame is 16 ms; a busy machine must not turn the test red.
    expect((performance.now() - startedAt) / 10).toBeLessThan(100);
  });

  test('leads an arrow to the next column and back, and stops at the end', () => {
    const step = (id: string, key: Parameters<typeof neighbourOf>[2]) => neighbourOf(positions, id, key);
    const left = step(root.uri, 'ArrowLeft')!;
    expect(positions.get(left)!.x).toBeLessThan(0);
    expect(step(left, 'ArrowRight')).toBe(root.uri);
    const below = step(left, 'ArrowDown')!;
    expect(positions.get(below)!.x).toBe(positions.get(left)!.x);
    expect(step(below, 'ArrowUp')).toBe(left);
    expect(step(root.uri, 'ArrowUp')).toBeUndefined();
  });

  test('lights the way to the root and all that hangs from it', () => {
    const [first, , third] = tree(200, 5);
    const lit = pathThrough(graph, first!.uri);
    expect(lit).toContain(root.uri);
    expect(lit).toContain(first!.uri);
    expect(lit).not.toContain(third!.uri);
    const below = graph.nodes.filter(({ parent }) => parent === first!.uri);
    expect(below.length).toBeGreaterThan(0);
    for (const { id } of below) expect(lit).toContain(id);
  });

  test('looks at everything when that can be read, else at the root', () => {
    const window = { width: 1_000, height: 600 };
    const small = layoutGraph(visibleGraph(lineageOf(root, none, { items: [reached('a')] }), all));
    const seen = firstViewport(small, nodeSize, window);
    for (const { x, y } of small.values()) {
      expect(x * seen.zoom + seen.x).toBeGreaterThanOrEqual(0);
      expect(y * seen.zoom + seen.y).toBeGreaterThanOrEqual(0);
    }
    const large = firstViewport(positions, nodeSize, window);
    expect(large.zoom).toBeGreaterThanOrEqual(0.7);
    expect(large.x + (nodeSize.width / 2) * large.zoom).toBeCloseTo(500);
  });
});
