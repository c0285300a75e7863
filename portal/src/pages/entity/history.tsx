import { useState } from 'react';
import { Link } from 'wouter';
import type { EntityAnswer } from '../../api/graph-types.ts';
import { entityPath } from '../../format/entity-uri.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { Moment } from '../../parts/when.tsx';
import { changesOf } from './changes.ts';

const shownFirst = 15;

/** What became known of it and what ended, with the page as it was then. */
export function HistorySection({ uri, answer }: { readonly uri: string; readonly answer: EntityAnswer }) {
  const [shown, setShown] = useState(shownFirst);
  const changes = changesOf(answer);
  if (changes.length === 0) return <p className="muted">Nothing has been said of it yet.</p>;
  return (
    <>
      <table className="stack">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Whom it concerns</th>
            <th scope="col">Who said so</th>
          </tr>
        </thead>
        <tbody>
          {changes.slice(0, shown).map(({ at, what, isEnd, who, other }) => (
            <tr key={`${at} ${what} ${isEnd} ${who} ${other?.uri}`}>
              <td>
                <Link href={entityPath(uri, undefined, { asOf: at })} title="The entity as of this moment">
                  <Moment at={at} />
                </Link>
              </td>
              <td>{isEnd ? `${what}: ended` : what}</td>
              <td>{other && <EntityLink {...other} />}</td>
              <td data-label="Says">{who}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown < changes.length && (
        <button type="button" className="button more" onClick={() => setShown(shown + 100)}>
          Show older changes
        </button>
      )}
    </>
  );
}
