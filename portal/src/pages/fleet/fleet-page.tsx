import { useDeferredValue } from 'react';
import { useFleet } from '../../api/queries.ts';
import { countText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { Attention } from './attention.tsx';
import { columns } from './columns.tsx';
import { FilterBar } from './filter-bar.tsx';
import { type Filters, useFilters } from './filter-state.ts';
import { FleetTable } from './fleet-table.tsx';

/** All models, what needs attention first. */
export function FleetPage() {
  usePageTitle('Fleet');
  const filters = useFilters();
  // Typing stays quick while the rows of an earlier letter are still on their way.
  const query = useDeferredValue(filters.query);
  const fleet = useFleet(query);
  const [first] = fleet.data?.pages ?? [];
  const rows = fleet.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <div className="page-head">
        <h1>Fleet</h1>
        {first && (
          <p className="muted" title={`As of ${momentText(first.asOf)}`}>
            {countText(first.total)} {filters.isFiltered ? 'match' : first.total === 1 ? 'model' : 'models'}
          </p>
        )}
      </div>
      <Attention />
      <FilterBar filters={filters} page={first} />
      {fleet.isError && <ProblemNotice what="The fleet" error={fleet.error} onRetry={() => void fleet.refetch()} />}
      {fleet.isPending && <FleetSkeleton />}
      {first && rows.length === 0 && <NoModels filters={filters} />}
      {first && rows.length > 0 && (
        <FleetTable
          rows={rows}
          total={first.total}
          now={first.asOf}
          filters={filters}
          hasMore={fleet.hasNextPage && !fleet.isFetching}
          loadMore={() => void fleet.fetchNextPage()}
        />
      )}
    </>
  );
}

function NoModels({ filters }: { readonly filters: Filters }) {
  if (filters.isFiltered) {
    return (
      <div className="notice unknown">
        <p className="notice-title">No model fits these filters</p>
        <p className="muted">Filters narrow each other down; the address holds them all.</p>
        <button type="button" className="button" onClick={filters.clear}>
          Clear filters
        </button>
      </div>
    );
  }
  return (
    <Empty title="No model is registered yet" command={registration}>
      Every model that is registered appears here with its verdict, the reason, and its last thirty days. Register one
      with the command below, or watch two models live through half a year of flights with <code>npm run demo</code>.
    </Empty>
  );
}

const registration = `curl -X POST ${window.location.origin}/v1/models \\
  -H "authorization: Bearer $TOKEN" -H "content-type: application/json" -H "idempotency-key: first-model" \\
  -d '{"name": "late-arrivals", "domain": "flights", "team": "flights", "tier": 2, "taskType": "binary",
       "features": [{"name": "distance", "type": "numeric"}]}'`;

/** The page with its real headings, before there is anything to fill it. */
function FleetSkeleton() {
  return (
    <div className="fleet">
      <div className="fleet-head">
        <div className="fleet-row">
          {columns.map(({ id, head }) => (
            <div key={id} className={`cell ${id}`}>
              {head}
            </div>
          ))}
        </div>
      </div>
      <Skeleton lines={12} label="Loading models" />
    </div>
  );
}
