import { useEntity } from '../../api/graph-queries.ts';
import type { EntityAnswer } from '../../api/graph-types.ts';
import { refParts } from '../../format/entity-uri.ts';
import { momentText } from '../../format/time.ts';
import { TimeSlider, useAsOf } from '../../parts/as-of.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { recordStateMeaning } from '../../parts/record-state.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { AboutSection } from './about.tsx';
import { firstKnown } from './changes.ts';
import { EntityHead } from './entity-head.tsx';
import { HistorySection } from './history.tsx';
import { Panels } from './panels.tsx';
import { Part } from './part.tsx';
import { QualityPart } from './quality.tsx';
import { RelationsSection } from './relations.tsx';
import { SimilarPart } from './similar.tsx';
import { SuggestionsPart } from './suggestions.tsx';
import '../../styles/model.css';
import '../../styles/graph.css';
import '../../styles/enrichment.css';

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
        <Content uri={uri} answer={answer} isPresent={asOf === undefined} />
      )}
    </>
  );
}

type ContentProps = {
  readonly uri: string;
  readonly answer: EntityAnswer | undefined;
  /** Of the past there is no judgement, and nothing to decide. */
  readonly isPresent: boolean;
};

function Content({ uri, answer, isPresent }: ContentProps) {
  return (
    <>
      {answer && <Description answer={answer} />}
      {answer && <Panels answer={answer} />}
      {isPresent && <SuggestionsPart uri={uri} />}
      {isPresent && <QualityPart uri={uri} />}
      <Part title="About">{answer && <AboutSection entity={answer.entity} />}</Part>
      <Part title="Relations">{answer && <RelationsSection answer={answer} />}</Part>
      {isPresent && <SimilarPart uri={uri} />}
      <Part title="History">{answer && <HistorySection uri={uri} answer={answer} />}</Part>
    </>
  );
}

function Description({ answer: { entity } }: { readonly answer: EntityAnswer }) {
  if (entity.description !== undefined) return <p className="about-text">{entity.description}</p>;
  return (
    <p className="about-text muted">
      {entity.state === 'placeholder' ? `${entity.name}: ${recordStateMeaning('placeholder')}.` : 'No description.'}
    </p>
  );
}
