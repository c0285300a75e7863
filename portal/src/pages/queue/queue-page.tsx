import { Link } from 'wouter';
import { useRetrainQueue } from '../../api/queries.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { QueueTable } from './queue-table.tsx';
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
        <p>
          <Link href="/cascades">Cascades: what promotions retrain</Link>
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
