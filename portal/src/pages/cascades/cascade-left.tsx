import { Link } from 'wouter';
import type { Cascade } from '../../api/types.ts';
import { excludedText } from './cascade-words.ts';

/** What depends on it and is not retrained, and which cycles were cut, each with its reason. */
export function Left({ plan: { excluded, cycles } }: { readonly plan: NonNullable<Cascade['plan']> }) {
  const cuts = cycles.flatMap((cycle) => cycle.cuts);
  return (
    <>
      {excluded.length > 0 && (
        <section className="part" aria-labelledby="excluded-title">
          <h2 id="excluded-title">
            Left out <span className="muted">{excluded.length}</span>
          </h2>
          <ul className="left-out">
            {excluded.map((each) => (
              <li key={each.modelId}>
                <Link href={`/models/${encodeURIComponent(each.modelId)}`}>{each.modelId}</Link>{' '}
                <span className="muted">{excludedText(each)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {cuts.length > 0 && (
        <section className="part" aria-labelledby="cuts-title">
          <h2 id="cuts-title">Cycles that were cut</h2>
          <ul className="left-out">
            {cuts.map(({ dependant, dependency, reason }) => (
              <li key={`${dependant} ${dependency}`}>
                {dependant} does not wait for {dependency} <span className="muted">{reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
