import { useEntityTypes } from '../../api/graph-queries.ts';
import type { WalkAnswer } from '../../api/graph-types.ts';
import { refParts } from '../../format/entity-uri.ts';
import { countText } from '../../format/number.ts';
import { hopsAwayText } from './impact-words.ts';

type Count = { readonly key: string; readonly word: string; readonly count: number };

/** How far it reaches, by hops, type, team and tier; types are switches that narrow the list. */
export function Extent(props: {
  readonly answer: WalkAnswer;
  readonly type: string | undefined;
  readonly setType: (type: string | undefined) => void;
}) {
  const { answer, type, setType } = props;
  const types = useEntityTypes();
  const byHops = countsOf(answer.byDepth, (depth) => hopsAwayText(Number(depth))).toSorted(
    (a, b) => Number(a.key) - Number(b.key),
  );
  return (
    <div className="extent">
      <Counts title="By distance" counts={byHops} />
      <Counts
        title="By type"
        counts={countsOf(answer.byType, (key) => types.of(key).plural)}
        chosen={type}
        onChoose={(key) => setType(key === type ? undefined : key)}
      />
      <Counts
        title="By team"
        counts={countsOf(answer.byTeam, (key) => (key === 'none' ? 'no team' : refParts(key).id))}
      />
      <Counts
        title="Models by tier"
        counts={countsOf(answer.byTier, (key) => (key === 'none' ? 'no tier' : `tier ${key}`))}
      />
    </div>
  );
}

function Counts(props: {
  readonly title: string;
  readonly counts: readonly Count[];
  readonly chosen?: string | undefined;
  readonly onChoose?: (key: string) => void;
}) {
  const { title, counts, chosen, onChoose } = props;
  if (counts.length === 0) return null;
  return (
    <section className="facet" aria-label={title}>
      <h2 className="muted small">{title}</h2>
      <ul>
        {counts.map(({ key, word, count }) => (
          <li key={key}>
            {onChoose === undefined ? (
              <span className="facet-value">
                <span className="facet-word">{word}</span>
                <span className="muted">{countText(count)}</span>
              </span>
            ) : (
              <button type="button" className="facet-value" aria-pressed={key === chosen} onClick={() => onChoose(key)}>
                <span className="facet-word">{word}</span>
                <span className="muted">{countText(count)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The most first. */
function countsOf(counts: Readonly<Record<string, number>>, wordOf: (key: string) => string): readonly Count[] {
  return Object.entries(counts)
    .map(([key, count]) => ({ key, word: wordOf(key), count }))
    .toSorted((a, b) => b.count - a.count || a.word.localeCompare(b.word, 'en', { numeric: true }));
}
