import { useDeferredValue } from 'react';
import { useSearch } from '../../api/graph-queries.ts';
import { countText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { Facets } from './facets.tsx';
import { Hit } from './hit.tsx';
import { type SearchState, useSearchState } from './search-state.ts';
import '../../styles/model.css';
import '../../styles/graph.css';

/** Everything that is known, by what one types and by type, tag and owner. */
export function SearchPage() {
  const state = useSearchState();
  usePageTitle(state.query.q === undefined ? 'Explore' : `${state.query.q}: search`);
  const query = useDeferredValue(state.query);
  const search = useSearch(query);
  const [first] = search.data?.pages ?? [];
  const hits = search.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <div className="page-head">
        <h1>Explore</h1>
        {first && (
          <p className="muted" role="status" title={`As of ${momentText(first.asOf)}`}>
            {countText(first.total)} {first.total === 1 ? 'entity' : 'entities'}
            {state.query.q !== undefined && ` for “${state.query.q}”`}
          </p>
        )}
      </div>
      {search.isError && <ProblemNotice what="The search" error={search.error} onRetry={() => void search.refetch()} />}
      {search.isPending && <Skeleton lines={9} label="Searching" />}
      {first && (
        <div className="search-page">
          <Facets state={state} facets={first.facets} />
          <div>
            {hits.length === 0 ? (
              <NothingFound state={state} />
            ) : (
              <ol className="hits" aria-label="Found">
                {hits.map((hit) => (
                  <Hit key={hit.uri} hit={hit} />
                ))}
              </ol>
            )}
            {search.hasNextPage && (
              <button
                type="button"
                className="button more"
                disabled={search.isFetchingNextPage}
                onClick={() => void search.fetchNextPage()}
              >
                Show more of {countText(first.total)}
              </button>
            )}
          </div>
        </div>
      )}
    </>
  );
}

function NothingFound({ state }: { readonly state: SearchState }) {
  if (state.query.q !== undefined || state.isFiltered) {
    return (
      <div className="notice unknown">
        <p className="notice-title">Nothing fits{state.query.q !== undefined && ` “${state.query.q}”`}</p>
        <p className="muted">
          Names, descriptions, types, owners, tags and the names of neighbours are searched; one typo per word is
          forgiven.
        </p>
        {state.isFiltered && (
          <button type="button" className="button" onClick={state.clear}>
            Search without filters
          </button>
        )}
      </div>
    );
  }
  return (
    <Empty title="Nothing is known yet" command={lineageEvent}>
      Whatever providers describe appears here: models, features, datasets, pipelines, experiments, services, people.
      Registering a model describes it, its features and its team; any OpenLineage client does the rest:
    </Empty>
  );
}

const lineageEvent = `export OPENLINEAGE_URL=${window.location.origin}
export OPENLINEAGE_API_KEY=$TOKEN`;
