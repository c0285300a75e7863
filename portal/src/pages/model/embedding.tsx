import { useQuery } from '@tanstack/react-query';
import { RunwayApiError } from '../../../../sdk/client.ts';
import { modelOptions } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { EmbeddingStability, Model } from '../../api/types.ts';
import { countText, figureText, percentText } from '../../format/number.ts';
import { signalVerdictWords } from '../../format/words.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { kindOf, State } from '../../parts/state.tsx';
import { Moment } from '../../parts/when.tsx';
import { EmbeddingChecks } from './embedding-checks.tsx';

/** The embeddings of the version that serves against those of the version before it. */
export function EmbeddingSection({ model }: { readonly model: Model }) {
  const { champion, modelId } = model;
  const versions = useQuery(modelOptions.versions(useRunway(), modelId));
  if (champion === undefined) return <NoEmbeddings modelId={modelId} why="No version serves yet." />;
  if (versions.isPending) return <Skeleton label="Loading embedding stability" />;
  const { version } = champion;
  const serving = versions.data?.items.find((each) => each.version === version);
  // Only what may have an answer is asked for.
  if (serving !== undefined && serving.embeddings === undefined)
    return <NoEmbeddings modelId={modelId} why={`Version ${version}, which serves, was registered without any.`} />;
  return <OfVersion modelId={modelId} version={version} />;
}

function OfVersion({ modelId, version }: { readonly modelId: string; readonly version: number }) {
  const stability = useQuery(modelOptions.embeddingStability(useRunway(), modelId, version));
  if (stability.error instanceof RunwayApiError && stability.error.status === 404)
    return <NoEmbeddings modelId={modelId} why={sentence(stability.error.problem?.detail ?? '')} />;
  if (stability.isError)
    return (
      <ProblemNotice what="Embedding stability" error={stability.error} onRetry={() => void stability.refetch()} />
    );
  if (stability.data === undefined) return <Skeleton label="Loading embedding stability" />;
  return <Stability stability={stability.data} />;
}

function NoEmbeddings({ modelId, why }: { readonly modelId: string; readonly why: string }) {
  const embeddings = '{"uri": "s3://…/embeddings.parquet", "idColumn": "id"}';
  return (
    <Empty
      title="No embeddings are compared"
      command={`POST /v1/models/${modelId}/versions {…, "embeddings": ${embeddings}}`}
    >
      {why} A version that is registered with the file of its embeddings is compared with the one before it: what really
      changed, and what only turned.
    </Empty>
  );
}

function Stability({ stability }: { readonly stability: EmbeddingStability }) {
  const { version, referenceVersion, comparedAt, report, reason, sample } = stability;
  return (
    <>
      <p>
        Version {version} against version {referenceVersion}
        {report === null
          ? ''
          : `: ${countText(report.n)} ids compared, ${percentText(report.idCoverage)} of the ids kept`}
        {sample !== null && sample.idRatio < 1 ? `, a sample of ${percentText(sample.idRatio)}` : ''},{' '}
        <span className="muted">
          compared <Moment at={comparedAt} />
        </span>
        .
      </p>
      {report === null ? (
        <p>
          <State kind="unknown">Not compared</State> {reason}
        </p>
      ) : (
        <Verdicts report={report} />
      )}
      <details className="small">
        <summary className="muted">Raw comparison</summary>
        <pre className="raw" tabIndex={-1}>
          {JSON.stringify(stability, null, 2)}
        </pre>
      </details>
    </>
  );
}

type Report = NonNullable<EmbeddingStability['report']>;

function Verdicts({ report }: { readonly report: Report }) {
  const { intrinsic, coordinates } = report.verdict;
  const { shared, lost, added, duplicates, spoiled } = report.ids;
  const ids = [
    [shared, 'in both'],
    [lost, 'only before'],
    [added, 'only now'],
    [duplicates, 'twice'],
    [spoiled, 'unreadable'],
  ] as const;
  return (
    <>
      <SideVerdict title="Did the meaning change?" note="what no rotation undoes" side={intrinsic} />
      <SideVerdict
        title="Can raw coordinates be mixed?"
        note="what consumers of stored vectors meet"
        side={coordinates}
      />
      <p className="muted small">
        Ids: {ids.map(([count, word]) => `${countText(count)} ${word}`).join(', ')}. Cosine of the raw vectors: mean{' '}
        {figureText(report.cosineRaw.mean)}, worst 1 % below {figureText(report.cosineRaw.q01)}, lowest{' '}
        {figureText(report.cosineRaw.min)}. After the best rotation: mean {figureText(report.procrustes.meanCosine)}.
      </p>
    </>
  );
}

function SideVerdict(props: {
  readonly title: string;
  readonly note: string;
  readonly side: Report['verdict']['intrinsic'];
}) {
  const { title, note, side } = props;
  const kind = kindOf(side.kind);
  return (
    <div className="embedding-verdict">
      <h3>
        {title} <span className="muted since">{note}</span>
      </h3>
      <p>
        <State kind={kind}>{signalVerdictWords[side.kind]}</State> {sentence(side.reason)}{' '}
        <span className="muted nowrap">
          n {countText(side.n)}
          {side.n < side.nNeeded ? ` of ${countText(side.nNeeded)} needed` : ''}
        </span>
      </p>
      <EmbeddingChecks title={title} checks={side.checks} />
    </div>
  );
}

/** With a capital and a full stop, as it stands in a paragraph. */
function sentence(text: string): string {
  const end = /[.!?]$/.test(text) ? '' : '.';
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}
