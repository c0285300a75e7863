import { type FormEvent, useId, useState } from 'react';
import { Link } from 'wouter';
import { useApprovalAnswer } from '../../api/rollout-queries.ts';
import type { Approval } from '../../api/types.ts';
import { ProblemNotice } from '../../parts/problem.tsx';
import { kindOf, State } from '../../parts/state.tsx';
import { Ago, Moment } from '../../parts/when.tsx';
import '../../styles/actions.css';

/** One decision: what is asked, what it rests on, what becomes of it without one. */
export function ApprovalCard({ approval }: { readonly approval: Approval }) {
  const { modelId, rolloutId, percent, champion, candidate, requestedAt, expiresAt, onExpiry, evidence } = approval;
  const { team, requestedBy, delegates, isPaused } = approval;
  return (
    <li className="approval">
      <h2>
        {percent === 100 ? 'Promote' : `Give ${percent} % of the traffic to`} version {candidate} of{' '}
        <Link href={`/models/${modelId}`} data-row="">
          {modelId}
        </Link>
        {percent === 100 && ` in place of ${champion}`}?
      </h2>
      <p className="muted facts">
        <span>team {team}</span>
        <span>
          asked <Ago at={requestedAt} />
        </span>
        {requestedBy.length > 0 && <span>rollout of {requestedBy.join(', ')}</span>}
        {delegates.length > 0 && <span>delegated to {delegates.join(', ')}</span>}
        {isPaused && <span>paused</span>}
        <span>
          <Link href={`/rollouts/${rolloutId}`}>{rolloutId}</Link>
        </span>
      </p>
      {evidence && (
        <p className="sentence">
          <State kind={kindOf(evidence.verdict)}>{evidence.verdict}</State> {evidence.reason}
        </p>
      )}
      <p className="muted">
        Without a decision until <Moment at={expiresAt} /> it{' '}
        {onExpiry === 'proceed' ? 'goes on by itself.' : 'is rolled back.'} A breach rolls it back at any time.
      </p>
      <Answer approvalId={approval.approvalId} />
    </li>
  );
}

function Answer({ approvalId }: { readonly approvalId: string }) {
  const [comment, setComment] = useState('');
  const [person, setPerson] = useState('');
  const { decide, delegate } = useApprovalAnswer(approvalId);
  const id = useId();
  const said = comment === '' ? {} : { comment };
  const pass = (event: FormEvent) => {
    event.preventDefault();
    delegate.mutate({ to: person, ...said }, { onSuccess: () => setPerson('') });
  };
  const error = decide.error ?? delegate.error;
  return (
    <>
      <div className="answer-form">
        <label htmlFor={`${id}-comment`}>Comment</label>
        <input
          id={`${id}-comment`}
          className="field"
          maxLength={1_000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <button
          type="button"
          className="button primary"
          disabled={decide.isPending}
          onClick={() => decide.mutate({ decision: 'approve', ...said })}
        >
          Approve
        </button>
        <button
          type="button"
          className="button"
          disabled={decide.isPending}
          onClick={() => decide.mutate({ decision: 'reject', ...said })}
        >
          Reject
        </button>
      </div>
      <details className="delegation">
        <summary>Let somebody else decide as well</summary>
        <form className="answer-form" onSubmit={pass}>
          <label htmlFor={`${id}-person`}>Their id</label>
          <input
            id={`${id}-person`}
            className="field"
            required
            maxLength={200}
            value={person}
            onChange={(event) => setPerson(event.currentTarget.value)}
          />
          <button type="submit" className="button" disabled={delegate.isPending}>
            Delegate
          </button>
        </form>
      </details>
      {error !== null && <ProblemNotice what="What became of your decision" error={error} />}
    </>
  );
}
