import { useQuality } from '../../api/enrichment-queries.ts';
import type { Quality } from '../../api/types.ts';
import { edgeWords } from '../../format/edge-words.ts';
import { refParts } from '../../format/entity-uri.ts';
import { countedText, percentText } from '../../format/number.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { conflictText, conflictTitle } from './conflict-words.ts';
import { Part } from './part.tsx';
import { anomalyWords, qualityKind, qualityRows } from './quality-words.ts';

/** How good what is known of it is: the score, what it is made of, what is odd, and who contradicts whom. */
export function QualityPart({ uri }: { readonly uri: string }) {
  const quality = useQuality(uri);
  return (
    <Part title="Quality of what is known">
      {quality.isError ? (
        <ProblemNotice what="The quality" error={quality.error} onRetry={() => void quality.refetch()} />
      ) : (
        quality.data && <Judgement quality={quality.data} />
      )}
    </Part>
  );
}

function Judgement({ quality }: { readonly quality: Quality }) {
  const { score, parts, anomalies, conflicts } = quality;
  // Conflicts say of which edge, and who says what.
  const others = anomalies.filter(({ kind }) => kind !== 'contested-edge' && kind !== 'unconfirmed-override');
  const odd = others.length + conflicts.length;
  return (
    <>
      <p className="quality-score">
        <State kind={qualityKind(score)}>{percentText(score)}</State>{' '}
        <span className="muted">
          {odd === 0 ? 'nothing odd about it' : `${countedText(odd, 'thing is', 'things are')} odd about it`}
        </span>
      </p>
      <ul className="findings">
        {others.map(({ kind, detail }) => (
          <li key={`${kind} ${detail}`}>
            <State kind="warning">{anomalyWords[kind]}:</State> <span className="value">{detail}</span>
          </li>
        ))}
        {conflicts.map((contested) => (
          <ConflictLine key={`${contested.from} ${contested.type} ${contested.to}`} contested={contested} />
        ))}
      </ul>
      <dl className="pairs quality-parts">
        {qualityRows(parts).map(({ title, share, text }) => (
          <div key={title} className="pair">
            <dt className="muted">{title}</dt>
            <dd>
              <State kind={qualityKind(share)}>{percentText(share)}</State> {text}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function ConflictLine({ contested }: { readonly contested: Quality['conflicts'][number] }) {
  const { from, type, to, conflict } = contested;
  return (
    <li>
      <State kind="warning">{conflictTitle(conflict)}:</State> <RefLink uri={from} />{' '}
      {edgeWords(type, 'out').toLowerCase()} <RefLink uri={to} />:{' '}
      <span className="value">{conflictText(conflict)}</span>
    </li>
  );
}

/** By what its URI says; nothing is asked for it. */
export function RefLink({ uri }: { readonly uri: string }) {
  const { type, id } = refParts(uri);
  return <EntityLink uri={uri} type={type} name={id} />;
}
