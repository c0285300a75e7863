import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { Link } from 'wouter';
import { RunwayApiError } from '../../../../sdk/client.ts';
import { modelOptions, useBacktest } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { Model } from '../../api/types.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { CandidateForm } from './candidate-form.tsx';
import { Outcome } from './outcome.tsx';
import { Running } from './running.tsx';
import '../../styles/model.css';
import '../../styles/backtest.css';

/** Tries a policy on what was recorded of one model, beside the policy in force. Changes nothing. */
export function BacktestPage({ modelId }: { readonly modelId: string }) {
  usePageTitle(`Backtest of ${modelId}`);
  const model = useQuery(modelOptions.model(useRunway(), modelId));
  return (
    <>
      <p className="crumbs small">
        <Link href="/">Fleet</Link> <span className="muted">/</span> <Link href={`/models/${modelId}`}>{modelId}</Link>{' '}
        <span className="muted">/</span>
      </p>
      <div className="page-head">
        <h1>Backtest</h1>
        <p className="muted">
          What another policy would have said of the recorded evaluations, beside the one in force. It changes nothing.
        </p>
      </div>
      {model.isError && (
        <ProblemNotice what={`Model ${modelId}`} error={model.error} onRetry={() => void model.refetch()} />
      )}
      {model.isPending && <Skeleton lines={8} label="Loading the policy" />}
      {model.data && <Trial model={model.data} />}
    </>
  );
}

function Trial({ model }: { readonly model: Model }) {
  const backtest = useBacktest(model.modelId);
  // The form keeps what it was opened with: the policy in force is asked for again and again.
  const opened = useRef(model).current;
  const policy = backtest.variables?.policy;
  return (
    <>
      <CandidateForm model={opened} isRunning={backtest.isPending} onRun={(request) => backtest.mutate(request)} />
      {backtest.isPending && <Running />}
      {backtest.isError && <Failure error={backtest.error} modelId={model.modelId} />}
      {backtest.data && policy && <Outcome backtest={backtest.data} policy={policy} />}
      {backtest.isIdle && (
        <Empty title="Nothing was tried yet">
          Change what you want to know about and run it: the alerts, the degradations found and missed, and the retrains
          of both policies appear here.
        </Empty>
      )}
    </>
  );
}

function Failure({ error, modelId }: { readonly error: Error; readonly modelId: string }) {
  const problem = error instanceof RunwayApiError ? error.problem : undefined;
  if (problem?.type !== 'urn:runway:problem:nothing-recorded')
    return <ProblemNotice what="The backtest" error={error} />;
  return (
    <Empty
      title="Nothing was recorded in these days"
      command={`POST /v1/models/${modelId}/versions/{version}/deployment`}
    >
      {problem.detail} Every scheduled evaluation is kept with all it rested on, from the moment a version serves:
      choose more days, or come back after the next evaluation.
    </Empty>
  );
}
