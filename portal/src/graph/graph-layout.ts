import type { VisibleGraph } from './visible-graph.ts';

export const nodeSize = { width: 208, height: 44 } as const;
const gaps = { column: 96, row: 12 } as const;

export type Position = { readonly x: number; readonly y: number };

/**
 * Columns are hops: upstream to the left, the root in the middle at (0, 0). Within a column everybody stands in the order of the
 * tree of shortest paths, so that its edges never cross, as near to beside their parent as the others leave room for: isotonic
 * regression by pooling adjacent violators (Ayer et al. 1955). Linear in the nodes.
 */
export function layoutGraph({ nodes }: VisibleGraph): ReadonlyMap<string, Position> {
  const rows = new Map<string, number>();
  const columns = [...Map.groupBy(nodes, ({ hops }) => hops)].toSorted(([a], [b]) => Math.abs(a) - Math.abs(b));
  for (const [, column] of columns) {
    const siblings = Map.groupBy(column, ({ parent }) => parent);
    const wanted = column.map((node) => {
      const beside = siblings.get(node.parent) ?? [];
      return (rows.get(node.parent ?? '') ?? 0) + beside.indexOf(node) - (beside.length - 1) / 2;
    });
    for (const [index, row] of apart(wanted).entries()) rows.set(column[index]?.id ?? '', row);
  }
  return new Map(
    nodes.map(({ id, hops }) => [
      id,
      { x: hops * (nodeSize.width + gaps.column), y: (rows.get(id) ?? 0) * (nodeSize.height + gaps.row) },
    ]),
  );
}

/** The rows nearest to the wanted ones, in squares, that keep their order and stand at least one apart. */
function apart(wanted: readonly number[]): readonly number[] {
  const pools: { sum: number; count: number }[] = [];
  const meanOf = (pool: { readonly sum: number; readonly count: number }) => pool.sum / pool.count;
  for (const [index, row] of wanted.entries()) {
    let pool = { sum: row - index, count: 1 };
    for (let last = pools.at(-1); last !== undefined && meanOf(last) > meanOf(pool); last = pools.at(-1)) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
    }
    pools.push(pool);
  }
  const shifts = pools.flatMap((pool) => Array.from({ length: pool.count }, () => meanOf(pool)));
  return shifts.map((shift, index) => shift + index);
}
