import { Link } from 'wouter';
import type { Rollout } from '../../api/types.ts';
import type { StateKind } from '../../format/state-kind.ts';
import { kindOf, State } from '../../parts/state.tsx';
import { Moment } from '../../parts/when.tsx';

const words: Readonly<Record<Rollout['status'], string>> = {
  validating: 'Validating',
  canary: 'Canary',
  promoted: 'Promoted',
  refused: 'Refused',
  'rolled-back': 'Rolled back',
  aborted: 'Aborted',
  superseded: 'Superseded',
};

/** Where it stands, since when and why; then whom it waits for. */
export function RolloutVerdict({ rollout }: { readonly rollout: Rollout }) {
  const { status, pausedAt, endedAt, startedAt, stepStartedAt, judgements, validation } = rollout;
  const kind: StateKind = pausedAt === undefined ? kindOf(status) : 'warning';
  const percent = rollout.judgements.at(-1)?.percent;
  const share = status === 'canary' && percent !== undefined ? ` at ${percent} %` : '';
  const reason = rollout.reason ?? judgements.at(-1)?.reason ?? validation?.reason ?? rollout.loadability?.reason;
  return (
    <section className={`verdict ${kind}`} aria-labelledby="verdict-title">
      <h2 id="verdict-title">
        <State kind={kind}>{pausedAt === undefined ? `${words[status]}${share}` : `Paused${share}`}</State>
        <span className="since muted">
          since <Moment at={endedAt ?? pausedAt ?? stepStartedAt ?? startedAt} />
        </span>
      </h2>
      {reason !== undefined && <p className="sentence">{reason}</p>}
      <People rollout={rollout} />
    </section>
  );
}

function People({ rollout }: { readonly rollout: Rollout }) {
  const { approvals = [], pauses = [], pausedAt, forced } = rollout;
  const pause = pausedAt === undefined ? undefined : pauses.at(-1);
  return (
    <ul className="people">
      {pause && (
        <li>
          Paused by {pause.by}: {pause.reason}. It is judged on, and a breach rolls back.
        </li>
      )}
      {forced && (
        <li>
          Promoted by {forced.by} before its last step had passed: {forced.reason}
        </li>
      )}
      {approvals.map(({ approvalId, percent, status, decidedBy, comment, expiresAt }) => (
        <li key={approvalId}>
          {percent === 100 ? 'The promotion' : `${percent} % of the traffic`}{' '}
          {status === 'waiting' ? (
            <>
              waits for an <Link href="/approvals">approval</Link> until <Moment at={expiresAt} />
            </>
          ) : (
            `${approvalWords[status]}${decidedBy === undefined ? '' : ` by ${decidedBy}`}${comment === undefined ? '' : `: ${comment}`}`
          )}
        </li>
      ))}
    </ul>
  );
}

const approvalWords = {
  approved: 'was approved',
  rejected: 'was rejected',
  expired: 'was decided by nobody in time',
  void: 'needed no decision any more',
} as const;
