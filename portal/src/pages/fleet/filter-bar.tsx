import type { FleetPage } from '../../api/types.ts';
import { lifecycleWords, verdictWords } from '../../format/words.ts';
import { kindOf, StateShape } from '../../parts/state.tsx';
import type { FilterName, Filters } from './filter-state.ts';

const verdicts = ['at-risk', 'unknown', 'healthy'] as const;

/** Verdicts as switches with their counts, the rest as lists of what there is. */
export function FilterBar({ filters, page }: { readonly filters: Filters; readonly page: FleetPage | undefined }) {
  const counts = page?.counts;
  return (
    <fieldset className="filters">
      <legend className="visually-hidden">Filter models</legend>
      <div className="switches">
        {verdicts.map((verdict) => (
          <button
            key={verdict}
            type="button"
            className="switch"
            aria-pressed={filters.query.verdict === verdict}
            onClick={() => filters.set('verdict', filters.query.verdict === verdict ? undefined : verdict)}
          >
            <span className={`state ${kindOf(verdict)}`}>
              <StateShape kind={kindOf(verdict)} />
            </span>
            {verdictWords[verdict]}
            {counts && <span className="muted">{counts.verdict[verdict] ?? 0}</span>}
          </button>
        ))}
      </div>
      <label className="choice">
        <span className="visually-hidden">Filter by name</span>
        <input
          className="field"
          type="text"
          placeholder="Filter by name"
          autoComplete="off"
          value={filters.query.q ?? ''}
          onChange={(event) => filters.set('q', event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') document.querySelector<HTMLElement>('[data-row]')?.focus();
          }}
        />
      </label>
      <Choice filters={filters} name="team" label="Team" counts={counts?.team} />
      <Choice filters={filters} name="tier" label="Tier" counts={counts?.tier} />
      <Choice filters={filters} name="lifecycle" label="State" counts={counts?.lifecycle} words={lifecycleWords} />
      {filters.isFiltered && (
        <button type="button" className="button quiet" onClick={filters.clear}>
          Clear filters
        </button>
      )}
    </fieldset>
  );
}

function Choice(props: {
  readonly filters: Filters;
  readonly name: FilterName;
  readonly label: string;
  readonly counts: Readonly<Record<string, number>> | undefined;
  readonly words?: Readonly<Record<string, string>>;
}) {
  const { filters, name, label, counts = {}, words = {} } = props;
  const value = String(filters.query[name] ?? '');
  const options = Object.entries(counts).filter(([, count]) => count > 0);
  const isMissing = value !== '' && !options.some(([option]) => option === value);
  return (
    <label className="choice">
      <span className="visually-hidden">{label}</span>
      <select className="field" value={value} onChange={(event) => filters.set(name, event.currentTarget.value)}>
        <option value="">{label}: all</option>
        {isMissing && <option value={value}>{`${label}: ${words[value] ?? value} (0)`}</option>}
        {options.map(([option, count]) => (
          <option key={option} value={option}>
            {`${label}: ${words[option] ?? option} (${count})`}
          </option>
        ))}
      </select>
    </label>
  );
}
