import { useState } from 'react';
import { useHistory } from '../../api/queries.ts';
import type { Commit } from '../../api/types.ts';
import { countedText } from '../../format/number.ts';
import { eventText } from '../../format/words.ts';
import { Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { Moment } from '../../parts/when.tsx';

const shownFirst = 20;

/** Whether each commit carries the hash of the one before it. */
export function isChained(commits: readonly Pick<Commit, 'hash' | 'previousHash'>[]): boolean {
  return commits.every(({ previousHash }, index) => index === 0 || previousHash === commits[index - 1]?.hash);
}

export function HistorySection({ modelId }: { readonly modelId: string }) {
  const history = useHistory(modelId);
  const [shown, setShown] = useState(shownFirst);
  if (history.isError) return <ProblemNotice what="The history" error={history.error} />;
  if (history.data === undefined) return <Skeleton label="Loading the history" />;
  const commits = history.data.pages.flatMap(({ items }) => items);
  const newestFirst = commits.toReversed();
  return (
    <>
      <p>
        {isChained(commits) ? (
          <State kind="healthy">The chain of hashes holds</State>
        ) : (
          <State kind="breach">The chain of hashes is broken</State>
        )}{' '}
        <span className="muted">
          over {history.hasNextPage ? 'the first' : 'all'} {countedText(commits.length, 'entry', 'entries')}; each
          carries the hash of the one before.
        </span>
      </p>
      <table className="stack history">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Who</th>
            <th scope="col">Why</th>
            <th scope="col">Hash</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst.slice(0, shown).map((commit) => (
            <tr key={`${commit.streamId}-${commit.version}`}>
              <td>
                <Moment at={commit.occurredAt} />
              </td>
              <td>
                <details>
                  <summary>{[...new Set(commit.events.map(eventText))].join(', ')}</summary>
                  <pre className="raw">{JSON.stringify(commit.events, null, 2)}</pre>
                </details>
              </td>
              <td title={commit.actor.roles.join(', ')}>{commit.actor.id}</td>
              <td className="sentence muted" title={commit.reason}>
                <span>{commit.reason}</span>
              </td>
              <td>
                <code className="muted" title={`${commit.hash}, after ${commit.previousHash}`}>
                  {commit.hash.replace('sha256:', '').slice(0, 8)}
                </code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown < commits.length && (
        <button type="button" className="button more" onClick={() => setShown(shown + 100)}>
          Show older entries
        </button>
      )}
      {history.hasNextPage && (
        <button type="button" className="button more" onClick={() => void history.fetchNextPage()}>
          Load later entries
        </button>
      )}
    </>
  );
}
