import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { modelOptions } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { Model } from '../../api/types.ts';
import { entityPath, registeredModelUri } from '../../format/entity-uri.ts';
import { lifecycleWords } from '../../format/words.ts';
import { Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { Ago } from '../../parts/when.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { DecisionsSection } from './decisions.tsx';
import { DeprecationNotice } from './deprecation.tsx';
import { DriftSection } from './drift.tsx';
import { EmbeddingSection } from './embedding.tsx';
import { HealthSection } from './health.tsx';
import { HistorySection } from './history.tsx';
import { JourneysSection } from './journeys.tsx';
import { PerformanceSection } from './performance.tsx';
import { PolicySection } from './policy.tsx';
import { TimelineSection } from './timeline.tsx';
import { VersionsSection } from './versions.tsx';
import '../../styles/model.css';

const sections: readonly {
  readonly id: string;
  readonly title: string;
  readonly content: (model: Model) => ReactNode;
}[] = [
  { id: 'timeline', title: 'Timeline', content: (model) => <TimelineSection model={model} /> },
  { id: 'drift', title: 'Drift per feature', content: (model) => <DriftSection model={model} /> },
  {
    id: 'performance',
    title: 'Performance',
    content: ({ modelId }) => <PerformanceSection modelId={modelId} />,
  },
  { id: 'embeddings', title: 'Embedding stability', content: (model) => <EmbeddingSection model={model} /> },
  { id: 'journeys', title: 'Retrains and rollouts', content: ({ modelId }) => <JourneysSection modelId={modelId} /> },
  { id: 'decisions', title: 'Decisions', content: ({ modelId }) => <DecisionsSection modelId={modelId} /> },
  { id: 'versions', title: 'Versions', content: (model) => <VersionsSection model={model} /> },
  { id: 'policy', title: 'Policy', content: (model) => <PolicySection model={model} /> },
  { id: 'history', title: 'History', content: ({ modelId }) => <HistorySection modelId={modelId} /> },
];

/** One model: verdict, reason, evidence, pictures, raw record. */
export function ModelPage({ modelId }: { readonly modelId: string }) {
  usePageTitle(modelId);
  const runway = useRunway();
  const model = useQuery(modelOptions.model(runway, modelId));
  return (
    <>
      <p className="crumbs small">
        <Link href="/">Fleet</Link> <span className="muted">/</span>
      </p>
      <div className="page-head">
        <h1>{modelId}</h1>
        {model.data && <Facts model={model.data} />}
      </div>
      {model.isError ? (
        <ProblemNotice what={`Model ${modelId}`} error={model.error} onRetry={() => void model.refetch()} />
      ) : (
        <>
          {model.data?.definition.description && <p className="muted about">{model.data.definition.description}</p>}
          {model.data && <DeprecationNotice model={model.data} />}
          <HealthSection modelId={modelId} />
          <nav className="sections" aria-label="Sections of this page">
            {sections.map(({ id, title }) => (
              <a key={id} href={`#${id}`}>
                {title}
              </a>
            ))}
          </nav>
          {sections.map(({ id, title, content }) => (
            <section key={id} id={id} className="part" aria-labelledby={`${id}-title`}>
              <h2 id={`${id}-title`}>{title}</h2>
              {model.data ? content(model.data) : <Skeleton label={`Loading ${title.toLowerCase()}`} />}
            </section>
          ))}
        </>
      )}
    </>
  );
}

function Facts({ model }: { readonly model: Model }) {
  const { modelId, definition, champion, lifecycle, lifecycleSince } = model;
  const uri = registeredModelUri(modelId);
  return (
    <p className="muted facts">
      <span>tier {definition.tier}</span>
      <span>team {definition.team}</span>
      <span>{definition.domain}</span>
      <span>
        {lifecycleWords[lifecycle]} since <Ago at={lifecycleSince} />
      </span>
      <span>
        {champion === undefined ? (
          'no version serves'
        ) : (
          <>
            version {champion.version} serves since <Ago at={champion.since} />
          </>
        )}
      </span>
      <span>
        <Link href={entityPath(uri)}>relations</Link>, <Link href={entityPath(uri, 'lineage')}>lineage</Link>,{' '}
        <Link href={entityPath(uri, 'impact')}>impact</Link>,{' '}
        <Link href={`/cascades?${new URLSearchParams({ modelId })}`}>cascades</Link>
      </span>
    </p>
  );
}
