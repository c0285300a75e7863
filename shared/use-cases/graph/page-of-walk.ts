import { RunwayError } from '../../domain/errors.ts';
import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import type { GraphWalk } from '../../domain/graph/graph-view-types.ts';
import type { Reached } from '../../domain/graph/walk.ts';

export type WalkPageRequest = {
  /** Types that are shown; what is walked are all. @default all */
  readonly types?: readonly string[] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

export type WalkPage = {
  readonly items: readonly Reached[];
  /** How many of the shown types there are at each depth, all pages together. */
  readonly byDepth: Readonly<Record<string, number>>;
  readonly total: number;
  readonly cursor?: string;
};

export type Shown = Pick<Reached, 'uri' | 'type'>;

/** One page of what a walk reached. Throws `InvalidRequest` (code `invalid-cursor`). */
export function pageOfWalk(walk: GraphWalk, { types, limit, cursor }: WalkPageRequest): WalkPage {
  const after = cursor === undefined ? undefined : positionOf(cursor);
  const byDepth: Record<string, number> = {};
  const page: number[] = [];
  let [total, isMore] = [0, false];
  for (let index = 0; index < walk.total; index += 1) {
    if (types !== undefined && !types.includes(walk.typeAt(index))) continue;
    const depth = walk.depthAt(index);
    byDepth[depth] = (byDepth[depth] ?? 0) + 1;
    total += 1;
    // Keyset, so that an edge that comes or goes between two pages neither repeats nor hides what is on the next.
    const isBefore =
      after !== undefined && (depth < after.depth || (depth === after.depth && walk.uriAt(index) <= after.uri));
    if (isBefore) continue;
    if (page.length < limit) page.push(index);
    else isMore = true;
  }
  const items = page.map((index) => walk.reachedAt(index));
  const last = items.at(-1);
  return { items, byDepth, total, ...(isMore && last !== undefined && { cursor: cursorOf(last) }) };
}

function cursorOf({ depth, uri }: Reached): string {
  return Buffer.from(`${depth} ${uri}`).toString('base64url');
}

function positionOf(cursor: string): { readonly depth: number; readonly uri: EntityUri } {
  const [, depth, uri] = /^(\d{1,9}) (aip:\/\/.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (depth !== undefined && uri !== undefined) return { depth: Number(depth), uri };
  const field = { field: 'query:/cursor', code: 'invalid-cursor', reason: 'expected the cursor of the page before' };
  throw new RunwayError('InvalidRequest', 'invalid-cursor', 'the cursor does not belong to this list', [field]);
}

/** Everything that is shown, all pages together. */
export function* shownOfWalk(walk: GraphWalk, types: readonly string[] | undefined): Iterable<Shown> {
  for (let index = 0; index < walk.total; index += 1) {
    const type = walk.typeAt(index);
    if (types === undefined || types.includes(type)) yield { uri: walk.uriAt(index), type };
  }
}
