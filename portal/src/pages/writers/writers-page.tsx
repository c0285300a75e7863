import { useNow, useWriters } from '../../api/queries.ts';
import type { Writer } from '../../api/types.ts';
import type { Person } from '../../auth/session.ts';
import { countedText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { Ago } from '../../parts/when.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { WriterActions } from './writer-actions.tsx';
import { stateOf } from './writer-state.ts';
import '../../styles/writers.css';

const register = `curl -X POST ${window.location.origin}/v1/writers \\
  -H "authorization: Bearer $TOKEN" -H "content-type: application/json" \\
  -d '{"writer": "<team>/<name>", "scopes": ["predictions", "outcomes"]}'`;

/** Who may put predictions and labels on the stream, team by team, and who of them is not to be trusted. */
export function WritersPage({ person }: { readonly person: Person | undefined }) {
  usePageTitle('Writers');
  const writers = useWriters();
  const items = writers.data?.pages.flatMap((page) => page.items);
  const teams = Map.groupBy(items ?? [], ({ team }) => team);
  return (
    <>
      <div className="page-head">
        <h1>Writers</h1>
        <p className="muted">
          Who writes labels can have a version rolled back: each signs what it sends with a key of its own.
        </p>
      </div>
      {writers.isError && (
        <ProblemNotice what="The list of writers" error={writers.error} onRetry={() => void writers.refetch()} />
      )}
      {writers.isPending && <Skeleton label="Loading the writers" />}
      {items?.length === 0 && (
        <Empty title="No writer is registered" command={register}>
          Nothing that is put on the stream is taken before its writer is. An editor of the team registers it:
        </Empty>
      )}
      {[...teams].map(([team, own]) => (
        <TeamSection key={team} team={team} writers={own} person={person} />
      ))}
      {writers.hasNextPage && (
        <button type="button" className="button more" onClick={() => void writers.fetchNextPage()}>
          Load more
        </button>
      )}
    </>
  );
}

type TeamProps = {
  readonly team: string;
  readonly writers: readonly Writer[];
  readonly person: Person | undefined;
};

function TeamSection({ team, writers, person }: TeamProps) {
  return (
    <section className="writers" aria-labelledby={`writers-${team}`}>
      <h2 id={`writers-${team}`}>
        {team} <span className="muted">{writers.length}</span>
      </h2>
      <table className="stack">
        <caption className="visually-hidden">{`${countedText(writers.length, 'writer')} of team ${team}`}</caption>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Writer</th>
            <th scope="col">May write</th>
            <th scope="col" className="number">
              Events a minute
            </th>
            <th scope="col">Keys</th>
            <th scope="col">Registered</th>
          </tr>
        </thead>
        <tbody>
          {writers.map((writer) => (
            <WriterRow key={writer.writer} writer={writer} person={person} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function WriterRow({ writer, person }: { readonly writer: Writer; readonly person: Person | undefined }) {
  const { kind, word } = stateOf(writer);
  return (
    <tr>
      <td>
        <State kind={kind}>{word}</State>
      </td>
      <th scope="row">
        {writer.writer}
        <Trust writer={writer} />
        <WriterActions writer={writer} person={person} />
      </th>
      <td data-label="May write">
        {writer.scopes.join(', ')}
        {writer.lineageNamespaces && ` (lineage of ${writer.lineageNamespaces.join(', ')})`}
      </td>
      <td data-label="Events a minute" className="number">
        {writer.eventsPerMinute.toLocaleString('en-GB')}
      </td>
      <td data-label="Keys">
        <Keys writer={writer} />
      </td>
      <td data-label="Registered" className="nowrap">
        <Ago at={writer.registeredAt} />
      </td>
    </tr>
  );
}

/** Why it is not to be trusted, in the words of who said so. */
function Trust({ writer }: { readonly writer: Writer }) {
  const { distrusts, revokedAt, trustRevision, restatedRevision } = writer;
  return (
    <>
      {revokedAt !== undefined && <span className="muted small">Nothing is taken since {momentText(revokedAt)}</span>}
      {distrusts.map(({ distrustId, from, to, reason, since, by }) => (
        <span key={distrustId} className="distrust small">
          Labels {spanText(from, to)} count for nothing: {reason}{' '}
          <span className="muted">
            ({by}, {momentText(since)})
          </span>
        </span>
      ))}
      {restatedRevision < trustRevision && (
        <span className="muted small">What was counted is about to be restated</span>
      )}
    </>
  );
}

function spanText(from: string | undefined, to: string | undefined): string {
  if (from === undefined && to === undefined) return 'of all times';
  if (to === undefined) return `that arrived since ${momentText(from!)}`;
  return from === undefined
    ? `that arrived before ${momentText(to)}`
    : `that arrived from ${momentText(from)} until ${momentText(to)}`;
}

/** The present generation, and former ones that are still good. */
function Keys({ writer: { keyId, formerKeys } }: { readonly writer: Writer }) {
  const now = useNow();
  const good = formerKeys.filter(({ validUntil }) => now === undefined || validUntil > now);
  return (
    <>
      {`generation ${keyId}`}
      {good.map((former) => (
        <span key={former.keyId} className="muted small">
          {`formerly ${former.keyId}, good until ${momentText(former.validUntil)}`}
        </span>
      ))}
    </>
  );
}
