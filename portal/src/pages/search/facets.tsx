import { useState } from 'react';
import { useEntityTypes } from '../../api/graph-queries.ts';
import type { FacetCount, SearchAnswer } from '../../api/graph-types.ts';
import { refParts } from '../../format/entity-uri.ts';
import { countText } from '../../format/number.ts';
import { type FacetName, facetNames, type SearchState } from './search-state.ts';

const shownFirst = 8;
const titles: Readonly<Record<FacetName, string>> = {
  type: 'Type',
  owner: 'Owner',
  tag: 'Tag',
  platform: 'Platform',
};

/** What the hits are, counted; each value is a switch. */
export function Facets({ state, facets }: { readonly state: SearchState; readonly facets: SearchAnswer['facets'] }) {
  // On a telephone what was found comes first.
  const [isWide] = useState(() => window.matchMedia('(min-width: 721px)').matches);
  return (
    <details className="facets" open={isWide || state.isFiltered}>
      <summary>Filters</summary>
      <div className="facets-all">
        {facetNames.map((name) => (
          <Facet key={name} name={name} counts={facets[name]} state={state} />
        ))}
        <label className="check">
          <input
            type="checkbox"
            checked={state.query.tombstones === 'included'}
            onChange={(event) => state.set('tombstones', event.currentTarget.checked ? 'included' : undefined)}
          />
          Also what was removed
        </label>
        {state.isFiltered && (
          <button type="button" className="button" onClick={state.clear}>
            Clear filters
          </button>
        )}
      </div>
    </details>
  );
}

function Facet(props: {
  readonly name: FacetName;
  readonly counts: readonly FacetCount[];
  readonly state: SearchState;
}) {
  const { name, counts, state } = props;
  const [isWhole, setWhole] = useState(false);
  const types = useEntityTypes();
  const chosen = state.query[name];
  // What was chosen stays, so that it can be taken back when nothing fits.
  const isMissing = chosen !== undefined && !counts.some(({ value }) => value === chosen);
  const values = isMissing ? [{ value: chosen, count: 0 }, ...counts] : counts;
  if (values.length === 0) return null;
  const wordOf = ({ value, label }: FacetCount) =>
    label ?? (name === 'type' ? types.of(value).plural : value.startsWith('aip://') ? refParts(value).id : value);
  return (
    <fieldset className="facet">
      <legend>{titles[name]}</legend>
      {values.slice(0, isWhole ? undefined : shownFirst).map((facet) => {
        const { value, count } = facet;
        return (
          <button
            key={value}
            type="button"
            className="facet-value"
            aria-pressed={value === chosen}
            onClick={() => state.set(name, value === chosen ? undefined : value)}
          >
            <span className="facet-word" title={value}>
              {wordOf(facet)}
            </span>
            <span className="muted">{countText(count)}</span>
          </button>
        );
      })}
      {values.length > shownFirst && (
        <button type="button" className="button quiet small" onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show all ${values.length}`}
        </button>
      )}
    </fieldset>
  );
}
