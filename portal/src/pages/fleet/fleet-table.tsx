import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { FleetRow } from '../../api/types.ts';
import { columns, type FleetColumn } from './columns.tsx';
import type { Filters } from './filter-state.ts';

export type FleetTableProps = {
  readonly rows: readonly FleetRow[];
  /** Under the filters, over all pages. */
  readonly total: number;
  readonly now: string;
  readonly filters: Filters;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
};

/** Of a row: one line where there is room, a few lines on a telephone. */
const rowHeights = { wide: 32, narrow: 124 } as const;
const narrow = '(max-width: 880px)';

/** Only the rows that can be seen are in the document; the next page is loaded before its rows are reached. */
export function FleetTable({ rows, total, now, filters, hasMore, loadMore }: FleetTableProps) {
  const body = useRef<HTMLDivElement>(null);
  const isNarrow = useSyncExternalStore(subscribeToWidth, () => window.matchMedia(narrow).matches);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (isNarrow ? rowHeights.narrow : rowHeights.wide),
    overscan: 12,
    scrollMargin: body.current?.offsetTop ?? 0,
    getItemKey: (index) => rows[index]?.modelId ?? index,
  });
  useEffect(() => virtualizer.measure(), [isNarrow, virtualizer]);
  const visible = virtualizer.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - 30) loadMore();
  }, [hasMore, last, rows.length, loadMore]);
  return (
    <div className="fleet" role="table" aria-label="Models" aria-rowcount={total + 1}>
      <div role="rowgroup" className="fleet-head">
        <div role="row" aria-rowindex={1} className="fleet-row">
          {columns.map((column) => (
            <Head key={column.id} column={column} filters={filters} />
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        ref={(element) => {
          body.current = element;
          element?.style.setProperty('height', `${virtualizer.getTotalSize()}px`);
        }}
        className="fleet-body"
      >
        {visible.map(({ index, start, key }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const top = start - virtualizer.options.scrollMargin;
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              className={`fleet-row ${row.verdict}`}
              ref={(element) => void element?.style.setProperty('transform', `translateY(${top}px)`)}
            >
              {columns.map(({ id, head, cell }) => (
                <div key={id} role="cell" className={`cell ${id}`} data-label={head}>
                  {cell(row, now)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Head({ column, filters }: { readonly column: FleetColumn; readonly filters: Filters }) {
  const { id, head, meaning, sort } = column;
  const current = filters.query.sort ?? 'attention';
  const direction = sort === undefined ? undefined : directionOf(sort, current);
  const next = sort && (current === sort.first ? (sort.second ?? sort.first) : sort.first);
  return (
    <div role="columnheader" className={`cell ${id}`} aria-sort={direction} title={meaning}>
      {next === undefined ? (
        head
      ) : (
        <button type="button" onClick={() => filters.set('sort', next === 'attention' ? undefined : next)}>
          {head}
          <span aria-hidden="true">{direction === undefined ? '' : direction === 'ascending' ? ' ↑' : ' ↓'}</span>
        </button>
      )}
    </div>
  );
}

function directionOf({ first, second }: NonNullable<FleetColumn['sort']>, current: string) {
  if (current !== first && current !== second) return undefined;
  return current.startsWith('-') || current === 'attention' ? 'descending' : 'ascending';
}

function subscribeToWidth(listener: () => void): () => void {
  const media = window.matchMedia(narrow);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}
