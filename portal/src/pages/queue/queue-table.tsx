import { useState } from 'react';
import { Link } from 'wouter';
import { useNow } from '../../api/queries.ts';
import type { PlacedRetrain } from '../../api/types.ts';
import { useGroups } from '../../auth/person.tsx';
import { countedText, scoreText } from '../../format/number.ts';
import { durationText, momentText } from '../../format/time.ts';
import { causeWords } from '../../format/words.ts';
import { State } from '../../parts/state.tsx';
import { offersOf } from './queue-offers.ts';
import { RetrainActions } from './retrain-actions.tsx';

/** Retrains in their order, each with what one may do to it. */
export function QueueTable({
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
          <th scope="col">
            <span className="visually-hidden">What you can do</span>
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
  const { position, estimatedStartAt, hold, bump = 0 } = retrain;
  const cascadeId = triggers.findLast((trigger) => trigger.cascadeId !== undefined)?.cascadeId;
  const [isOpen, setOpen] = useState(false);
  const possible = offersOf(retrain, useGroups());
  const now = useNow();
  const since = startedAt ?? requestedAt;
  const latest = triggers.at(-1);
  return (
    <>
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
          {hold && (
            <span className="muted small" title={momentText(hold.since)}>{`by ${hold.by}: ${hold.reason}`}</span>
          )}
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
          {bump > 0 && (
            <span className="muted small" title={`somebody made it ${countedText(bump, 'tier')} more urgent`}>
              {` +${bump}`}
            </span>
          )}
        </td>
        <td className="cause">
          {[...new Set(triggers.map(({ cause }) => causeWords[cause]))].join(', ')}
          {latest && (
            <span className="muted small" title={latest.reason}>
              {latest.reason}
            </span>
          )}
          {cascadeId !== undefined && (
            <Link href={`/cascades/${encodeURIComponent(cascadeId)}`} className="small">
              cascade {cascadeId}
            </Link>
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
        <td>
          {possible.length > 0 && (
            <button
              type="button"
              className="button small"
              aria-expanded={isOpen}
              aria-label={`Change ${retrainId}`}
              onClick={() => setOpen(!isOpen)}
            >
              Change
            </button>
          )}
        </td>
      </tr>
      {isOpen && possible.length > 0 && (
        <tr className="change">
          <td colSpan={9}>
            <RetrainActions retrain={retrain} possible={possible} onDone={() => setOpen(false)} />
          </td>
        </tr>
      )}
    </>
  );
}
