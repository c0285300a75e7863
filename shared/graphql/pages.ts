import { RunwayError } from '../domain/errors.ts';
import { queryLimits } from './query-limits.ts';

/** A Relay connection. */
export type Page<T> = {
  readonly edges: readonly { readonly cursor: string; readonly item: T }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** Of all pages together. */
  readonly totalCount: number;
};

export type PageArguments = {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
};

type Order<T> = {
  /** Of every item another one. */
  readonly keyOf: (item: T) => string;
  /** The order in which the items are given. */
  readonly compare: (a: string, b: string) => number;
};

/**
 * The items after and before the cursors' keys: what comes or goes between two pages neither repeats nor hides what is on
 * the next. Throws `InvalidRequest` (codes `invalid-cursor`, `page-too-large`).
 */
export function pageOf<T>(items: readonly T[], { keyOf, compare }: Order<T>, asked: PageArguments): Page<T> {
  const { first, last } = { first: sizeOf('first', asked.first), last: sizeOf('last', asked.last) };
  const after = keyIn('after', asked.after);
  const before = keyIn('before', asked.before);
  const between = items.filter(
    (item) =>
      (after === undefined || compare(keyOf(item), after) > 0) &&
      (before === undefined || compare(keyOf(item), before) < 0),
  );
  const head = between.slice(0, first ?? (last === undefined ? queryLimits.defaultPageSize : undefined));
  const page = last === undefined ? head : head.slice(Math.max(0, head.length - last));
  const edges = page.map((item) => ({ cursor: cursorOf(keyOf(item)), item }));
  const [start, end] = [page[0], page.at(-1)];
  return {
    edges,
    pageInfo: {
      hasNextPage: end !== undefined && end !== items.at(-1),
      hasPreviousPage: start !== undefined && start !== items[0],
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: items.length,
  };
}

export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function sizeOf(name: string, asked: number | null | undefined): number | undefined {
  if (asked === null || asked === undefined) return undefined;
  checkSize(name, asked);
  return asked;
}

/** Throws `InvalidRequest` (code `page-too-large`). */
export function checkSize(name: string, size: number): void {
  if (size >= 0 && size <= queryLimits.pageSize) return;
  const message = `${name}: ${size}, expected 0 to ${queryLimits.pageSize}`;
  throw new RunwayError('InvalidRequest', 'page-too-large', message);
}

function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

// Every key has an entity's URI in it.
function keyIn(name: string, cursor: string | null | undefined): string | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString();
  if (key.includes('aip://') && cursorOf(key) === cursor) return key;
  throw new RunwayError('InvalidRequest', 'invalid-cursor', `${name} is not the cursor of a page before`);
}
