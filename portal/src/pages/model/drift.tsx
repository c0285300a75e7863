import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { RunwayApiError } from '../../../../sdk/client.ts';
import { modelOptions } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { Distribution, Drift } from '../../api/types.ts';
import { countText, figureText, percentText } from '../../format/number.ts';
import { windowText } from '../../format/time.ts';
import { signalVerdictWords } from '../../format/words.ts';
import { AsTable } from '../../parts/as-table.tsx';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { kindOf, State } from '../../parts/state.tsx';
import { Histogram, sharesOf } from './histogram.tsx';

const shownFirst = 12;

export function DriftSection({ modelId }: { readonly modelId: string }) {
  const drift = useQuery(modelOptions.drift(useRunway(), modelId));
  if (drift.error instanceof RunwayApiError && drift.error.status === 409) return <NothingServes />;
  if (drift.isError) return <ProblemNotice what="Drift" error={drift.error} onRetry={() => void drift.refetch()} />;
  if (drift.data === undefined) return <Skeleton label="Loading drift" />;
  return <Distributions drift={drift.data} />;
}

function NothingServes() {
  return (
    <Empty title="No version serves yet" command="POST /v1/models/{modelId}/versions/{version}/deployment">
      Drift compares what a serving version sees now with its reference window.
    </Empty>
  );
}

function Distributions({ drift }: { readonly drift: Drift }) {
  const [isAll, setAll] = useState(false);
  const { reference, current, prediction } = drift;
  const all = [...(prediction === null ? [] : [{ ...prediction, name: 'score (output)' }]), ...drift.features];
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
        {shown.map((distribution) => (
          <Feature key={distribution.name} distribution={distribution} />
        ))}
      </div>
      {shown.length < all.length && (
        <button type="button" className="button more" onClick={() => setAll(true)}>
          Show all {all.length} features
        </button>
      )}
      <AsTable
        caption="Drift per feature"
        rows={all}
        columns={[
          { head: 'Feature', cell: ({ name }) => name },
          { head: 'Type', cell: ({ type }) => type },
          { head: 'Verdict', cell: ({ verdict }) => signalVerdictWords[verdict] },
          { head: 'PSI', isNumber: true, cell: ({ psi }) => figureText(psi) },
          { head: 'p-value', isNumber: true, cell: ({ pValue }) => figureText(pValue) },
          { head: 'n', isNumber: true, cell: ({ n }) => countText(n) },
          {
            head: 'Missing then / now',
            isNumber: true,
            cell: ({ missingRatio }) => `${percentText(missingRatio.reference)} / ${percentText(missingRatio.current)}`,
          },
          {
            head: 'Share per bin, then → now',
            cell: (distribution) =>
              sharesOf(distribution)
                .map(({ label, before, now }) => `${label}: ${percentText(before)} → ${percentText(now)}`)
                .join('; '),
          },
        ]}
      />
    </>
  );
}

function Feature({ distribution }: { readonly distribution: Distribution }) {
  const { name, psi, pValue, verdict, n, nNeeded, reason, bins } = distribution;
  const [first, last] = [bins[0], bins.at(-1)];
  const isThin = verdict === 'insufficient-data' && nNeeded !== null && n < nNeeded;
  return (
    <figure title={`${reason}; n ${countText(n)}`}>
      <figcaption>
        <span className="feature-name">{name}</span>
        <span className="nowrap" title={`p ${figureText(pValue)}, n ${countText(n)}`}>
          {isThin ? '' : `PSI ${figureText(psi)}`}
        </span>
        <State kind={kindOf(verdict)}>
          {isThin ? `needs ${countText(nNeeded)} rows, has ${countText(n)}` : signalVerdictWords[verdict]}
        </State>
      </figcaption>
      <Histogram distribution={distribution} />
      <div className="ends muted small" aria-hidden="true">
        <span>{first?.label}</span>
        <span>{last === first ? '' : last?.label}</span>
      </div>
    </figure>
  );
}
