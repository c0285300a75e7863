import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { RunwayApiError } from '../../../../sdk/client.ts';
import { modelOptions } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { Drift, Evaluation, Model } from '../../api/types.ts';
import { countText } from '../../format/number.ts';
import { windowText } from '../../format/time.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { DriftFeature } from './drift-feature.tsx';
import { DriftTable } from './drift-table.tsx';
import { SegmentChoice, useSegment } from './segments.tsx';
import { isOutput, lastHoursOf, outputName, type ShownFeature } from './shown-feature.ts';

const shownFirst = 12;

/** Inputs and output then and now, of all rows or of a segment, the largest shift first, with what the last hours say of each. */
export function DriftSection({ model }: { readonly model: Model }) {
  const runway = useRunway();
  const [segment, setSegment] = useSegment(model);
  const evaluation = useQuery(modelOptions.health(runway, model.modelId)).data?.evaluation;
  const drift = useQuery(modelOptions.drift(runway, model.modelId, segment));
  if (drift.error instanceof RunwayApiError && drift.error.status === 409) return <NothingServes />;
  return (
    <>
      <SegmentChoice model={model} evaluation={evaluation} segment={segment} onChoose={setSegment} />
      {drift.isError && <ProblemNotice what="Drift" error={drift.error} onRetry={() => void drift.refetch()} />}
      {drift.isPending && <Skeleton label="Loading drift" />}
      {drift.data && <Distributions drift={drift.data} model={model} evaluation={evaluation} />}
    </>
  );
}

function NothingServes() {
  return (
    <Empty title="No version serves yet" command="POST /v1/models/{modelId}/versions/{version}/deployment">
      Drift compares what a serving version sees now with its reference window.
    </Empty>
  );
}

function Distributions(props: {
  readonly drift: Drift;
  readonly model: Model;
  readonly evaluation: Evaluation | undefined;
}) {
  const { drift, model, evaluation } = props;
  const [isAll, setAll] = useState(false);
  const { reference, current, prediction } = drift;
  const { dataDrift, predictionDrift } = model.policy.signals;
  const all = [...(prediction === null ? [] : [{ ...prediction, name: outputName }]), ...drift.features].map(
    (distribution): ShownFeature => ({
      ...distribution,
      limit: isOutput(distribution) ? predictionDrift.psiBreach : dataDrift.psiBreach,
      lastHours: lastHoursOf(distribution, evaluation, drift.segment),
    }),
  );
  const shown = isAll ? all : all.slice(0, shownFirst);
  return (
    <>
      <p className="muted legend">
        <span>
          <i className="then" /> then:{' '}
          {reference === null ? 'no reference window' : `${windowText(reference)}, n ${countText(reference.n)}`}
        </span>
        <span>
          <i className="now" /> now: {windowText(current)}, n {countText(current.n)}
        </span>
        <span>version {drift.version}; the largest shift first</span>
      </p>
      <div className="distributions">
        {shown.map((feature) => (
          <DriftFeature key={feature.name} feature={feature} />
        ))}
      </div>
      {shown.length < all.length && (
        <button type="button" className="button more" onClick={() => setAll(true)}>
          Show all {all.length} features
        </button>
      )}
      <DriftTable features={all} />
    </>
  );
}
