import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { modelOptions } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { Retrain, Rollout } from '../../api/types.ts';
import { countText, figureText } from '../../format/number.ts';
import { durationText } from '../../format/time.ts';
import { causeWords } from '../../format/words.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { kindOf, StateShape } from '../../parts/state.tsx';
import { Moment } from '../../parts/when.tsx';

/** A retrain and the rollout that came of it are one story; a rollout that a person started stands alone. */
type Journey = { readonly at: string; readonly retrain?: Retrain; readonly rollout?: Rollout };

export function journeysOf(retrains: readonly Retrain[], rollouts: readonly Rollout[]): readonly Journey[] {
  const byId = new Map(rollouts.map((rollout) => [rollout.rolloutId, rollout]));
  const fromRetrains = retrains.map((retrain): Journey => {
    const rollout = byId.get(retrain.rolloutId ?? '');
    return { at: retrain.requestedAt, retrain, ...(rollout !== undefined && { rollout }) };
  });
  const alone = rollouts.filter(({ rolloutId }) => !retrains.some((retrain) => retrain.rolloutId === rolloutId));
  const journeys = [...fromRetrains, ...alone.map((rollout): Journey => ({ at: rollout.startedAt, rollout }))];
  return journeys.toSorted((a, b) => b.at.localeCompare(a.at));
}

export function JourneysSection({ modelId }: { readonly modelId: string }) {
  const runway = useRunway();
  const retrains = useQuery(modelOptions.retrains(runway, modelId));
  const rollouts = useQuery(modelOptions.rollouts(runway, modelId));
  const error = retrains.error ?? rollouts.error;
  if (error !== null) return <ProblemNotice what="Retrains and rollouts" error={error} />;
  if (retrains.data === undefined || rollouts.data === undefined)
    return <Skeleton label="Loading retrains and rollouts" />;
  const journeys = journeysOf(retrains.data.items, rollouts.data.items);
  if (journeys.length === 0) {
    return (
      <Empty title="Nothing has been retrained yet" command={`POST /v1/models/${modelId}/retrains {"reason": "…"}`}>
        The policy below decides when; an editor of the team can also ask for one.
      </Empty>
    );
  }
  return (
    <ol className="journeys">
      {journeys.map((journey) => (
        <li key={journey.retrain?.retrainId ?? journey.rollout?.rolloutId}>
          <JourneyStory {...journey} />
        </li>
      ))}
    </ol>
  );
}

function JourneyStory({ at, retrain, rollout }: Journey) {
  return (
    <>
      <div className="journey-head">
        <Moment at={at} />
        <strong>{retrain === undefined ? 'Rollout started by a person' : causesOf(retrain)}</strong>
        <span className="muted small">{retrain?.retrainId ?? rollout?.rolloutId}</span>
        {rollout && (
          <Link href={`/rollouts/${rollout.rolloutId}`} className="small">
            rollout, look by look
          </Link>
        )}
      </div>
      {retrain && <p className="muted sentence">{retrain.triggers.map(({ reason }) => reason).join('; ')}</p>}
      <ol className="steps">
        {retrain && <TrainingStep retrain={retrain} />}
        {rollout && <RolloutSteps rollout={rollout} />}
      </ol>
    </>
  );
}

function causesOf({ triggers }: Retrain): string {
  return [...new Set(triggers.map(({ cause }) => causeWords[cause]))].join(', ');
}

function Step(props: { readonly word: string; readonly title: string; readonly children: React.ReactNode }) {
  const kind = kindOf(props.word);
  return (
    <li className={`state ${kind}`} title={props.title}>
      <StateShape kind={kind} />
      <span className="step-text">{props.children}</span>
      <span className="visually-hidden">{`: ${props.word}`}</span>
    </li>
  );
}

function TrainingStep({ retrain }: { readonly retrain: Retrain }) {
  const { status, startedAt, endedAt, failure, candidateVersion } = retrain;
  const took = startedAt && endedAt ? durationText(Date.parse(endedAt) - Date.parse(startedAt)) : undefined;
  const words = {
    queued: 'waits',
    running: 'trains',
    succeeded: 'trained',
    failed: 'training failed',
    cancelled: 'cancelled',
  };
  return (
    <Step word={status} title={failure ?? (took === undefined ? status : `took ${took}`)}>
      {words[status]}
      {candidateVersion !== undefined && ` version ${candidateVersion}`}
    </Step>
  );
}

function RolloutSteps({ rollout }: { readonly rollout: Rollout }) {
  const { validation, judgements, status, champion, candidate, reason } = rollout;
  const endings = {
    validating: `validating ${candidate} against ${champion}`,
    canary: 'canary',
    promoted: `version ${candidate} promoted`,
    refused: `version ${candidate} refused`,
    'rolled-back': `back to version ${champion}`,
    aborted: 'aborted',
    superseded: 'superseded',
  } as const;
  return (
    <>
      {validation && (
        <Step word={validation.verdict} title={evidenceText(validation)}>
          hold-out {validation.verdict} <Difference paired={validation.paired} />
        </Step>
      )}
      {runsOf(judgements).map(({ last, times }) => (
        <Step key={last.judgedAt} word={last.verdict} title={evidenceText(last)}>
          {last.percent} % {last.verdict}
          {times > 1 && ` ${times} times`} <Difference paired={last.paired} />
        </Step>
      ))}
      <Step word={status} title={reason ?? status}>
        <strong>{endings[status]}</strong>
      </Step>
      {reason !== undefined && <li className="muted sentence reason-line">{reason}</li>}
    </>
  );
}

type Judgement = Rollout['judgements'][number];

/** Looks at the same share with the same verdict become one: a step is judged every few hours. */
export function runsOf(
  judgements: readonly Judgement[],
): readonly { readonly last: Judgement; readonly times: number }[] {
  return judgements.reduce<{ readonly last: Judgement; readonly times: number }[]>((runs, judgement) => {
    const run = runs.at(-1);
    if (run?.last.percent === judgement.percent && run.last.verdict === judgement.verdict)
      runs[runs.length - 1] = { last: judgement, times: run.times + 1 };
    else runs.push({ last: judgement, times: 1 });
    return runs;
  }, []);
}

type Judged = Pick<Rollout['judgements'][number], 'reason' | 'paired'>;

function Difference({ paired }: { readonly paired: Judged['paired'] }) {
  if (paired.relativeDifference === null) return null;
  const percent = paired.relativeDifference * 100;
  return (
    <span className="muted small">
      loss {percent > 0 ? '+' : ''}
      {figureText(Number(percent.toFixed(1)))} %
    </span>
  );
}

function evidenceText({ reason, paired }: Judged): string {
  return `${reason} (n ${countText(paired.n)}, ${paired.blocks} blocks)`;
}
