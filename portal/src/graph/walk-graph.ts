import type { Position } from './graph-layout.ts';
import type { VisibleGraph } from './visible-graph.ts';

/** The node, everything on the way from the root to it, and everything that hangs from it. */
export function pathThrough({ nodes }: VisibleGraph, id: string): ReadonlySet<string> {
  const parents = new Map(nodes.map((node) => [node.id, node.parent]));
  const on = new Set<string>();
  for (let at: string | undefined = id; at !== undefined; at = parents.get(at)) on.add(at);
  // A parent stands before its children.
  const beyond = new Set([id]);
  for (const node of nodes) if (node.parent !== undefined && beyond.has(node.parent)) beyond.add(node.id);
  return new Set([...on, ...beyond]);
}

export type ArrowKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** Whom an arrow leads to: to the side the nearest row of the next column that has any, up and down within the column. */
export function neighbourOf(positions: ReadonlyMap<string, Position>, id: string, key: ArrowKey): string | undefined {
  const here = positions.get(id);
  if (here === undefined) return undefined;
  const isSideways = key === 'ArrowLeft' || key === 'ArrowRight';
  const sign = key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 1;
  const along = ({ x, y }: Position) => sign * (isSideways ? x - here.x : y - here.y);
  const across = ({ x, y }: Position) => Math.abs(isSideways ? y - here.y : x - here.x);
  const [next] = [...positions]
    .filter(([other, at]) => other !== id && along(at) > 0 && (isSideways || across(at) === 0))
    .toSorted(([, a], [, b]) => along(a) - along(b) || across(a) - across(b));
  return next?.[0];
}

type Size = { readonly width: number; readonly height: number };

/** Where to look first: at everything when that can be read, else at the root. */
export function firstViewport(
  positions: ReadonlyMap<string, Position>,
  node: Size,
  window: Size,
): { readonly x: number; readonly y: number; readonly zoom: number } {
  const margin = 24;
  const [xs, ys] = [[...positions.values()].map(({ x }) => x), [...positions.values()].map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left + node.width, Math.max(...ys) - top + node.height];
  const fitting = Math.min((window.width - 2 * margin) / width, (window.height - 2 * margin) / height);
  const zoom = Math.min(1, Math.max(smallestReadable, fitting));
  const centre =
    fitting >= smallestReadable
      ? { x: left + width / 2, y: top + height / 2 }
      : { x: node.width / 2, y: node.height / 2 };
  return { x: window.width / 2 - centre.x * zoom, y: window.height / 2 - centre.y * zoom, zoom };
}

/** Of a node's text of 12 to 14 px. */
const smallestReadable = 0.7;
