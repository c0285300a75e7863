import { Link } from 'wouter';
import { useNow, useRetrainQueue } from '../../api/queries.ts';
import type { PlacedRetrain } from '../../api/types.ts';
import { countedText, scoreText } from '../../format/number.ts';
import { durationText, momentText } from '../../format/time.ts';
import { causeWords } from '../../format/words.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import '../../styles/queue.css';

/** What is trained now, and what waits, in the order in which it will be taken. */
export function QueuePage() {
  usePageTitle('Retrain queue');
  return (
    <>
      <div className="page-head">
        <h1>Retrain queue</h1>
        <p className="muted">
          Taken by tier, then staleness, then age, while a slot is free. Six hours of waiting count as a tier.
        </p>
      </div>
      <QueueSection status="running" title="Running" />
      <QueueSection status="queued" title="Waiting" />
    </>
  );
}

const empty = {
  running: { title: 'Nothing is being trained', text: 'A retrain starts as soon as one waits and a slot is free.' },
  queued: {
    title: 'Nothing waits',
    text: 'A retrain is queued when a model’s policy decides so. An editor of the team can ask for one too:',
  },
} as const;

const request = `curl -X POST ${window.location.origin}/v1/models/<model>/retrains \\
  -H "authorization: Bearer $TOKEN" -H "content-type: application/json" -H "idempotency-key: $(uuidgen)" \\
  -d '{"reason": "the source of a feature was replaced"}'`;

function QueueSection({ status, title }: { readonly status: 'running' | 'queued'; readonly title: string }) {
  const queue = useRetrainQueue(status);
  const items = queue.data?.pages.flatMap((page) => page.items);
  return (
    <section className="queue" aria-labelledby={`queue-${status}`}>
      <h2 id={`queue-${status}`}>
        {title} {items && <span className="muted">{queue.hasNextPage ? `${items.length}+` : items.length}</span>}
      </h2>
      {queue.isError && <ProblemNotice what={title} error={queue.error} onRetry={() => void queue.refetch()} />}
      {queue.isPending && <Skeleton label={`Loading what is ${status}`} />}
      {items?.length === 0 && (
        <Empty title={empty[status].title} {...(status === 'queued' && { command: request })}>
          {empty[status].text}
        </Empty>
      )}
      {items && items.length > 0 && <QueueTable items={items} status={status} />}
      {queue.hasNextPage && (
        <button type="button" className="button more" onClick={() => void queue.fetchNextPage()}>
          Load more
        </button>
      )}
    </section>
  );
}

function QueueTable({
  items,
  status,
}: {
  readonly items: readonly PlacedRetrain[];
  readonly status: 'running' | 'queued';
}) {
  return (
    <table className="stack">
      <caption className="visually-hidden">{`${countedText(items.length, 'retrain')} ${status}`}</caption>
      <thead>
        <tr>
          {status === 'queued' && (
            <th scope="col" className="number">
              Position
            </th>
          )}
          <th scope="col">State</th>
          <th scope="col">Model</th>
          <th scope="col">Owner</th>
          <th scope="col" className="number">
            Tier
          </th>
          <th scope="col">Cause</th>
          <th scope="col" className="number" title="0 fresh to 1 stale, as of the newest cause">
            Staleness
          </th>
          <th scope="col" className="number">
            {status === 'queued' ? 'Waits for' : 'Trains for'}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((retrain) => (
          <QueueRow key={retrain.retrainId} retrain={retrain} />
        ))}
      </tbody>
    </table>
  );
}

function QueueRow({ retrain }: { readonly retrain: PlacedRetrain }) {
  const { modelId, team, tier, triggers, stalenessScore, requestedAt, startedAt, status, retrainId } = retrain;
  const { position, estimatedStartAt, hold } = retrain;
  const now = useNow();
  const since = startedAt ?? requestedAt;
  const latest = triggers.at(-1);
  return (
    <tr>
      {status === 'queued' && (
        <td
          className="number"
          data-label="Position"
          title={estimatedStartAt && `about ${momentText(estimatedStartAt)} if each training takes an hour`}
        >
          {position ?? '–'}
        </td>
      )}
      <td>
        <State kind="progress">{hold === undefined ? status : 'held'}</State>
        {hold && <span className="muted small" title={momentText(hold.since)}>{`by ${hold.by}: ${hold.reason}`}</span>}
      </td>
      <th scope="row">
        <Link href={`/models/${modelId}#journeys`} data-row="" title={retrainId}>
          {modelId}
        </Link>
      </th>
      <td data-label="Owner" className="nowrap">
        {team}
      </td>
      <td className="number" data-label="Tier">
        {tier}
      </td>
      <td className="cause">
        {[...new Set(triggers.map(({ cause }) => causeWords[cause]))].join(', ')}
        {latest && (
          <span className="muted small" title={latest.reason}>
            {latest.reason}
          </span>
        )}
      </td>
      <td className="number" data-label="Staleness">
        {scoreText(stalenessScore)}
      </td>
      <td className="number" data-label={status === 'queued' ? 'Waits for' : 'Trains for'}>
        <time dateTime={since} title={momentText(since)}>
          {now === undefined ? '–' : durationText(Date.parse(now) - Date.parse(since))}
        </time>
      </td>
    </tr>
  );
}
