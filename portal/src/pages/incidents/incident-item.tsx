import { useState } from 'react';
import { Link } from 'wouter';
import { useAcknowledgement } from '../../api/incident-queries.ts';
import type { Incident } from '../../api/types.ts';
import { useGroups } from '../../auth/person.tsx';
import { hasRole } from '../../auth/roles.ts';
import { countedText } from '../../format/number.ts';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { State } from '../../parts/state.tsx';
import { Ago } from '../../parts/when.tsx';
import { incidentCauseWords, incidentState } from './incident-words.ts';

/** One incident: what, since when, how often, who has it. */
export function IncidentItem({ incident }: { readonly incident: Incident }) {
  const { team, modelId, subject, cause, status, detail, openedAt, updatedAt, occurrences, recoveredAt } = incident;
  const { kind, word } = incidentState(incident);
  return (
    <li className="incident" title={incident.incidentId}>
      <h3>
        <State kind={kind}>{word}</State>{' '}
        {modelId === undefined ? (
          subject
        ) : (
          <Link href={`/models/${encodeURIComponent(modelId)}`} data-row="">
            {modelId}
          </Link>
        )}
        : {incidentCauseWords[cause].charAt(0).toLowerCase() + incidentCauseWords[cause].slice(1)}
      </h3>
      <p className="sentence">{detail}</p>
      <p className="muted facts">
        <span>
          since <Ago at={openedAt} />
        </span>
        {recoveredAt !== undefined && (
          <span>
            over <Ago at={recoveredAt} />
          </span>
        )}
        <span>found {occurrences === 1 ? 'once' : countedText(occurrences, 'time')}</span>
        {occurrences > 1 && recoveredAt === undefined && (
          <span>
            last <Ago at={updatedAt} />
          </span>
        )}
        <span>told {incident.notifications === 1 ? 'once' : countedText(incident.notifications, 'time')}</span>
        <Acknowledged incident={incident} />
      </p>
      {status === 'open' && <Acknowledge team={team} incidentId={incident.incidentId} />}
    </li>
  );
}

function Acknowledged({ incident: { acknowledgement } }: { readonly incident: Incident }) {
  if (acknowledgement === undefined) return null;
  const { by, at, comment } = acknowledgement;
  return (
    <span>
      taken on by {by} <Ago at={at} />
      {comment !== undefined && `: ${comment}`}
    </span>
  );
}

function Acknowledge({ team, incidentId }: { readonly team: string; readonly incidentId: string }) {
  const [isOpen, setOpen] = useState(false);
  const { mutate, ...state } = useAcknowledgement(team, incidentId);
  if (!hasRole(useGroups(), team, 'editor')) return null;
  return (
    <>
      <button type="button" className="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Acknowledge
      </button>
      {isOpen && (
        <ReasonForm
          verb="Acknowledge"
          means="You take it on: nobody is told again until it gets graver or is over."
          label="Comment"
          isOptional
          onSubmit={(comment) => mutate(comment)}
          {...state}
        />
      )}
    </>
  );
}
