import { RunwayError } from '../../errors.ts';
import { fnv1a } from '../../ground-truth/fnv1a.ts';
import * as z from '../../zod.ts';
import { type Reach, reaches } from './search-query.ts';

/** Where a hit stands: by score, of equal ones by name, of the same name by URI. Nothing else moves it. */
export type Position = { readonly score: number; readonly name: string; readonly uri: string };

export function comparePositions(a: Position, b: Position): number {
  return b.score - a.score || compareText(a.name, b.name) || compareText(a.uri, b.uri);
}

/** The first `count` hits after a position, in order, without ordering the rest. */
export function firstAfter<T extends Position>(
  hits: Iterable<T>,
  after: Position | undefined,
  count: number,
): readonly T[] {
  const first: T[] = [];
  for (const hit of hits) {
    if (after !== undefined && comparePositions(hit, after) <= 0) continue;
    const last = first.at(-1);
    if (first.length === count && last !== undefined && comparePositions(hit, last) > 0) continue;
    first.splice(placeOf(first, hit), 0, hit);
    first.length = Math.min(first.length, count);
  }
  return first;
}

export type Cursor = { readonly reach: Reach; readonly position: Position };

const cursorSchema = z.tuple([z.string(), z.enum(reaches), z.number(), z.string(), z.string()]);

/** `question`: everything but the page, for a cursor of another question means nothing. */
export function formatCursor(question: string, { reach, position }: Cursor): string {
  const { score, name, uri } = position;
  const parts = [fingerprint(question), reach, score, name, uri];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Throws `InvalidRequest` (code `invalid-cursor`). */
export function parseCursor(question: string, cursor: string): Cursor {
  const parsed = cursorSchema.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()));
  const [owner, reach, score, name, uri] = parsed.data ?? [];
  if (reach !== undefined && score !== undefined && owner === fingerprint(question))
    return { reach, position: { score, name: name ?? '', uri: uri ?? '' } };
  const field = { field: 'query:/cursor', code: 'invalid-cursor', reason: 'expected the cursor of the page before' };
  throw new RunwayError('InvalidRequest', 'invalid-cursor', 'the cursor does not belong to this search', [field]);
}

function fingerprint(question: string): string {
  return fnv1a(question).toString(36);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function placeOf<T extends Position>(sorted: readonly T[], hit: T): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const each = sorted[middle];
    if (each !== undefined && comparePositions(each, hit) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
