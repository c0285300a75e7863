import { useNotifications, useReplay } from '../../api/incident-queries.ts';
import type { Notification } from '../../api/types.ts';
import { useGroups } from '../../auth/person.tsx';
import { hasRole } from '../../auth/roles.ts';
import { countedText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { State } from '../../parts/state.tsx';
import { Ago } from '../../parts/when.tsx';
import { attemptText, changeWords, deliveryStates } from './incident-words.ts';

type Delivery = Notification['deliveries'][number];

/** What the team was told, newest first, and whether it got there. */
export function Deliveries({ team }: { readonly team: string }) {
  const { data, error, isPending, hasNextPage, fetchNextPage, refetch } = useNotifications(team);
  const items = data?.pages.flatMap((page) => page.items);
  return (
    <section className="incidents" aria-labelledby="deliveries">
      <h2 id="deliveries">Who was told</h2>
      {error !== null && <ProblemNotice what="Who was told" error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton label="Loading who was told" />}
      {items?.length === 0 && <p className="muted">Nobody has been told of anything yet.</p>}
      {items && items.length > 0 && <Table team={team} items={items} />}
      {hasNextPage && (
        <button type="button" className="button more" onClick={() => void fetchNextPage()}>
          Load more
        </button>
      )}
    </section>
  );
}

function Table({ team, items }: { readonly team: string; readonly items: readonly Notification[] }) {
  return (
    <table className="stack deliveries">
      <caption className="visually-hidden">{`What team ${team} was told`}</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">To whom</th>
        </tr>
      </thead>
      <tbody>
        {items.map((notification) => (
          <tr key={notification.notificationId} title={notification.notificationId}>
            <td className="nowrap">
              <Ago at={notification.createdAt} />
            </td>
            <th scope="row">
              {changeWords[notification.message.change]}: {notification.message.incident.title}
            </th>
            <td>
              {notification.deliveries.length === 0 && <span className="muted">nobody: no target is set</span>}
              {notification.deliveries.map((delivery) => (
                <DeliveryLine
                  key={delivery.target}
                  team={team}
                  notificationId={notification.notificationId}
                  delivery={delivery}
                />
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type LineProps = { readonly team: string; readonly notificationId: string; readonly delivery: Delivery };

function DeliveryLine({ team, notificationId, delivery }: LineProps) {
  const { target, kind, status, isQuiet, dueAt, attempts, replays } = delivery;
  const replay = useReplay(team, notificationId);
  const isTeamEditor = hasRole(useGroups(), team, 'editor');
  const { kind: state, word } = deliveryStates[status];
  return (
    <div className="delivery">
      <State kind={state}>{word}</State>{' '}
      <span>
        {target} <span className="muted">({kind})</span>
      </span>
      {status === 'failed' && isTeamEditor && (
        <button
          type="button"
          className="button quiet small"
          aria-label={`Send again: ${notificationId} to ${target}`}
          disabled={replay.isPending}
          onClick={() => replay.mutate(target)}
        >
          {replay.isPending ? 'Sent' : 'Send again'}
        </button>
      )}
      <p className="muted small">
        {[
          attempts.length === 0 ? 'not tried yet' : countedText(attempts.length, 'attempt'),
          ...attempts.slice(-1).map((attempt) => `the last ${momentText(attempt.at)}: ${attemptText(attempt)}`),
          ...(status === 'pending' ? [`next ${momentText(dueAt)}${isQuiet ? ', after quiet hours' : ''}`] : []),
          ...(replays > 0 ? [`sent again ${replays === 1 ? 'once' : countedText(replays, 'time')}`] : []),
        ].join('; ')}
      </p>
      {replay.isError && <ProblemNotice what="What became of sending it again" error={replay.error} />}
    </div>
  );
}
