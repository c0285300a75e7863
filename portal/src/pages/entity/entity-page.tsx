import type { ReactNode } from 'react';
import { useEntity } from '../../api/graph-queries.ts';
import type { EntityAnswer } from '../../api/graph-types.ts';
import { refParts } from '../../format/entity-uri.ts';
import { momentText } from '../../format/time.ts';
import { TimeSlider, useAsOf } from '../../parts/as-of.tsx';
import { Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { recordStateMeaning } from '../../parts/record-state.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { AboutSection } from './about.tsx';
import { firstKnown } from './changes.ts';
import { EntityHead } from './entity-head.tsx';
import { HistorySection } from './history.tsx';
import { Panels } from './panels.tsx';
import { RelationsSection } from './relations.tsx';
import '../../styles/model.css';
import '../../styles/graph.css';

/** Any entity: what it is, whose, what it needs and who needs it, now or as of a past moment. */
export function EntityPage({ uri }: { readonly uri: string }) {
  const { asOf } = useAsOf();
  const entity = useEntity(uri, asOf);
  usePageTitle(entity.data?.entity.name ?? refParts(uri).id);
  const answer = entity.data;
  return (
    <>
      <EntityHead uri={uri} asOf={asOf} answer={answer} />
      <TimeSlider since={firstKnown(answer)} />
      {asOf !== undefined && answer && (
        <p className="notice unknown past" role="status">
          Relations as they were on {momentText(asOf)}; the description is today’s.
        </p>
      )}
      {entity.isError ? (
        <ProblemNotice what={refParts(uri).id} error={entity.error} onRetry={() => void entity.refetch()} />
      ) : (
        <Content uri={uri} answer={answer} />
      )}
    </>
  );
}

function Content({ uri, answer }: { readonly uri: string; readonly answer: EntityAnswer | undefined }) {
  return (
    <>
      {answer && <Description answer={answer} />}
      {answer && <Panels answer={answer} />}
      <Part title="About">{answer && <AboutSection entity={answer.entity} />}</Part>
      <Part title="Relations">{answer && <RelationsSection answer={answer} />}</Part>
      <Part title="History">{answer && <HistorySection uri={uri} answer={answer} />}</Part>
    </>
  );
}

function Description({ answer: { entity } }: { readonly answer: EntityAnswer }) {
  const said = entity.description ?? entity.attributes.description;
  if (typeof said === 'string') return <p className="about-text">{said}</p>;
  return (
    <p className="about-text muted">
      {entity.state === 'placeholder' ? `${entity.name}: ${recordStateMeaning('placeholder')}.` : 'No description.'}
    </p>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = title.toLowerCase();
  return (
    <section id={id} className="part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children ?? <Skeleton label={`Loading ${id}`} />}
    </section>
  );
}
