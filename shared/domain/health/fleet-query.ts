import { cursorParts, foreignCursor } from '../page-cursor.ts';
import type { Lifecycle } from '../registry/model.ts';
import { toMillis } from '../time.ts';
import type { Evaluation } from './evaluation.ts';
import type { FleetRow } from './fleet-row.ts';

export const fleetSorts = [
  'attention',
  'name',
  '-name',
  'team',
  'tier',
  'stalenessScore',
  '-stalenessScore',
  'lastEvaluatedAt',
  '-lastEvaluatedAt',
] as const;

export type FleetSort = (typeof fleetSorts)[number];

export type FleetFilter = {
  readonly team?: string | undefined;
  readonly tier?: number | undefined;
  readonly lifecycle?: Lifecycle | undefined;
  readonly verdict?: Evaluation['verdict'] | undefined;
  /** Part of the id or the name, in any case. */
  readonly q?: string | undefined;
};

type SortKey = readonly (string | number)[];

const attention = { 'at-risk': 0, unknown: 1, healthy: 2 } as const;
// What is not known comes last, whichever way the rest is sorted.
const known = (value: number | null, sign: 1 | -1): SortKey => (value === null ? [1, 0] : [0, sign * value]);
const moment = (row: FleetRow) => (row.lastEvaluatedAt === null ? null : toMillis(row.lastEvaluatedAt));

const keyOf: Readonly<Record<FleetSort, (row: FleetRow) => SortKey>> = {
  attention: (row) => [attention[row.verdict], row.tier, ...known(row.stalenessScore, -1)],
  name: (row) => [row.name],
  '-name': (row) => [row.name],
  team: (row) => [row.team],
  tier: (row) => [row.tier],
  stalenessScore: (row) => known(row.stalenessScore, 1),
  '-stalenessScore': (row) => known(row.stalenessScore, -1),
  lastEvaluatedAt: (row) => known(moment(row), 1),
  '-lastEvaluatedAt': (row) => known(moment(row), -1),
};

export function matchesFilter({ team, tier, lifecycle, verdict, q }: FleetFilter): (row: FleetRow) => boolean {
  const part = q?.toLowerCase();
  return (row) =>
    (team === undefined || row.team === team) &&
    (tier === undefined || row.tier === tier) &&
    (lifecycle === undefined || row.lifecycle === lifecycle) &&
    (verdict === undefined || row.verdict === verdict) &&
    (part === undefined || row.modelId.includes(part) || row.name.toLowerCase().includes(part));
}

/**
 * One page in the order of `sort`, ties by id. The cursor is the key of the last row, so a page begins after that key
 * whatever has changed meanwhile: no row that stayed as it was is left out or comes twice. Throws `InvalidRequest` (code
 * `invalid-cursor`) on a cursor of another order.
 */
export function pageOf(
  rows: readonly FleetRow[],
  { sort, limit, cursor }: { readonly sort: FleetSort; readonly limit: number; readonly cursor?: string | undefined },
): { readonly items: readonly FleetRow[]; readonly cursor?: string } {
  const sign = sort === '-name' ? -1 : 1;
  const after = cursor === undefined ? undefined : decodeCursor(sort, cursor);
  const keyed = rows
    .map((row) => ({ row, key: [...keyOf[sort](row), row.modelId] }))
    .filter(({ key }) => after === undefined || sign * compare(key, after) > 0)
    .sort((a, b) => sign * compare(a.key, b.key));
  const shown = keyed.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = last !== undefined && keyed.length > shown.length;
  return { items: shown.map(({ row }) => row), ...(hasMore && { cursor: encodeCursor(sort, last.key) }) };
}

/** How many rows there are of each verdict, lifecycle, team and tier. */
export function countsOf(rows: readonly FleetRow[]) {
  const by = (groupOf: (row: FleetRow) => string | number, always: readonly string[] = []) => {
    const counts = new Map(always.map((name) => [name, 0]));
    for (const row of rows) counts.set(String(groupOf(row)), (counts.get(String(groupOf(row))) ?? 0) + 1);
    return Object.fromEntries(counts);
  };
  return {
    verdict: by(({ verdict }) => verdict, ['healthy', 'at-risk', 'unknown']),
    lifecycle: by(({ lifecycle }) => lifecycle),
    team: by(({ team }) => team),
    tier: by(({ tier }) => tier),
  };
}

function compare(a: SortKey, b: SortKey): number {
  for (let i = 0; i < a.length; i += 1) {
    if (a[i]! < b[i]!) return -1;
    if (a[i]! > b[i]!) return 1;
  }
  return 0;
}

function encodeCursor(sort: FleetSort, key: SortKey): string {
  return Buffer.from(JSON.stringify([sort, ...key])).toString('base64url');
}

const exampleRow = { verdict: 'unknown', tier: 1, stalenessScore: null, lastEvaluatedAt: null, name: '', team: '' };

function decodeCursor(sort: FleetSort, cursor: string): SortKey {
  const [of, ...key] = cursorParts(cursor);
  // What `encodeCursor` gives for this order, in number and kind of its members.
  const shape = [...keyOf[sort](exampleRow as FleetRow), ''];
  const fits = key.length === shape.length && key.every((member, i) => typeof member === typeof shape[i]);
  if (of === sort && fits) return key as SortKey;
  throw foreignCursor('order');
}
