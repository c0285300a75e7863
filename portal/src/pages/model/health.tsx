import { useQuery } from '@tanstack/react-query';
import { modelOptions } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { Evaluation, ModelHealth } from '../../api/types.ts';
import { countText, figureText, percentText, scoreText } from '../../format/number.ts';
import { momentText, windowText } from '../../format/time.ts';
import { reasonText, verdictWords } from '../../format/words.ts';
import { Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { kindOf, StateShape } from '../../parts/state.tsx';
import { Ago, Moment } from '../../parts/when.tsx';
import { Evidence } from './evidence.tsx';
import { Explanation } from './explanation.tsx';
import { Tests } from './tests.tsx';

/** Verdict, its reason in one sentence, and the figures it rests on. */
export function HealthSection({ modelId }: { readonly modelId: string }) {
  const health = useQuery(modelOptions.health(useRunway(), modelId));
  if (health.isError)
    return <ProblemNotice what="The verdict" error={health.error} onRetry={() => void health.refetch()} />;
  if (health.data === undefined) {
    return (
      <section className="verdict unknown" aria-labelledby="verdict">
        <h2 id="verdict">Verdict</h2>
        <Skeleton label="Loading the verdict" />
      </section>
    );
  }
  return <Verdict health={health.data} />;
}

function Verdict({ health }: { readonly health: ModelHealth }) {
  const { verdict, evaluation } = health;
  const kind = kindOf(verdict);
  return (
    <section className={`verdict ${kind}`} aria-labelledby="verdict">
      <h2 id="verdict">
        <span className={`state ${kind}`}>
          <StateShape kind={kind} />
          {verdictWords[verdict]}
        </span>
        <span className="muted since">
          since <Moment at={health.health.since} /> (<Ago at={health.health.since} />)
        </span>
      </h2>
      <p className="reason">{reasonText(health.summary)}</p>
      {evaluation === undefined ? (
        <NotYet missing={health.missing} />
      ) : (
        <>
          <Explanation explanation={evaluation.explanation} />
          <Figures evaluation={evaluation} />
          <Evidence evaluation={evaluation} />
          <Tests evaluation={evaluation} />
          <details className="small">
            <summary className="muted">Raw record of this evaluation</summary>
            <pre className="raw" tabIndex={-1}>
              {JSON.stringify(evaluation, null, 2)}
            </pre>
          </details>
        </>
      )}
    </section>
  );
}

function NotYet({ missing }: { readonly missing: readonly string[] }) {
  if (missing.length === 0) return null;
  return (
    <p className="muted">
      To say more Runway needs: {missing.join('; ')}. Send predictions to <code>POST /v1/predictions</code> or onto the
      event stream; each scan evaluates what is due.
    </p>
  );
}

function Figures({ evaluation }: { readonly evaluation: Evaluation }) {
  const { stalenessScore, confidence, coverageRatio, window, policy } = evaluation;
  const rows = Math.max(...evaluation.signals.map(({ n }) => n));
  return (
    <dl className="figures">
      <Figure
        name="Staleness"
        note={`threshold ${figureText(policy.stalenessThreshold)}; what adds to it stands below`}
      >
        {scoreText(stalenessScore)}
      </Figure>
      <Figure name="Confidence" note={confidence.reasons.join('; ') || 'every signal measured, rows suffice'}>
        {confidence.level}
      </Figure>
      <Figure name="Predictions" note={windowText(window)}>
        {countText(rows)}
      </Figure>
      <Figure
        name="Coverage"
        note={`outcomes known; trusted from ${percentText(policy.signals.performance.minimumCoverageRatio)}`}
      >
        {percentText(coverageRatio)}
      </Figure>
      <Figure name="Evaluated" note={momentText(evaluation.evaluatedAt)}>
        <Ago at={evaluation.evaluatedAt} />
      </Figure>
    </dl>
  );
}

function Figure(props: { readonly name: string; readonly note: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt className="muted small">{props.name}</dt>
      <dd className="figure">{props.children}</dd>
      <dd className="muted small note" title={props.note}>
        {props.note}
      </dd>
    </div>
  );
}
