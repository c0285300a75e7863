import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { modelOptions } from '../../api/queries.ts';
import { useRollout } from '../../api/rollout-queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { Rollout } from '../../api/types.ts';
import { Chart } from '../../charts/chart.tsx';
import { countText, figureText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { AsTable } from '../../parts/as-table.tsx';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { Ago } from '../../parts/when.tsx';
import { usePageTitle } from '../../shell/page-title.ts';
import { RolloutActions } from './rollout-actions.tsx';
import { boundedText, needText, sharesText } from './rollout-facts.ts';
import { heightOf, panelsOf, rolloutOption } from './rollout-option.ts';
import { RolloutSteps } from './rollout-steps.tsx';
import { RolloutVerdict } from './rollout-verdict.tsx';
import '../../styles/model.css';
import '../../styles/rollout.css';

/** One rollout: where it stands, why, what one can do, and every look at both versions over time. */
export function RolloutPage({ rolloutId }: { readonly rolloutId: string }) {
  usePageTitle(rolloutId);
  const rollout = useRollout(rolloutId);
  return (
    <>
      <p className="crumbs small">
        <Link href="/">Fleet</Link> <span className="muted">/</span>{' '}
        {rollout.data && <Link href={`/models/${rollout.data.modelId}#journeys`}>{rollout.data.modelId}</Link>}
      </p>
      <div className="page-head">
        <h1>Rollout {rolloutId}</h1>
        {rollout.data && <Facts rollout={rollout.data} />}
      </div>
      {rollout.isError && (
        <ProblemNotice what={`Rollout ${rolloutId}`} error={rollout.error} onRetry={() => void rollout.refetch()} />
      )}
      {rollout.isPending && <Skeleton lines={6} label="Loading the rollout" />}
      {rollout.data && <Sections rollout={rollout.data} />}
    </>
  );
}

function Facts({ rollout }: { readonly rollout: Rollout }) {
  const { champion, candidate, startedAt, requestedBy = [] } = rollout;
  return (
    <p className="muted facts">
      <span>
        candidate {candidate} against champion {champion}
      </span>
      <span>
        began <Ago at={startedAt} />
      </span>
      {requestedBy.length > 0 && <span>asked for by {requestedBy.join(', ')}</span>}
    </p>
  );
}

function Sections({ rollout }: { readonly rollout: Rollout }) {
  return (
    <>
      <RolloutVerdict rollout={rollout} />
      {rollout.endedAt === undefined && <RolloutActions rollout={rollout} />}
      <section className="part" aria-labelledby="steps-title">
        <h2 id="steps-title">Steps</h2>
        <RolloutSteps rollout={rollout} />
      </section>
      <section className="part" aria-labelledby="looks-title">
        <h2 id="looks-title">Both versions over time</h2>
        {rollout.judgements.length === 0 ? (
          <Empty title="Nobody has looked yet">
            The first look comes when a step has been held for the hours that the policy says. No data is never a pass.
          </Empty>
        ) : (
          <Looks rollout={rollout} />
        )}
      </section>
    </>
  );
}

function Looks({ rollout }: { readonly rollout: Rollout }) {
  const model = useQuery(modelOptions.model(useRunway(), rollout.modelId));
  const higherIsBetter = model.data?.definition.businessMetric?.direction !== 'lower-is-better';
  const panels = useMemo(() => panelsOf(rollout, higherIsBetter), [rollout, higherIsBetter]);
  const option = useMemo(() => rolloutOption(rollout, panels), [rollout, panels]);
  const last = rollout.judgements.at(-1);
  const label = `${panels.map(({ title }) => title).join('; ')}, at every look. Last: ${last?.reason ?? 'none'}. The table below says the same.`;
  return (
    <>
      <ul className="muted legend panels">
        {panels.map(({ title }, index) => (
          <li key={title}>
            {panels.length > 1 && `${index === 0 ? 'above' : 'below'}: `}
            {title}
          </li>
        ))}
        <li>bars: bounds that hold however often one looks</li>
        <li>dashed: what must not be crossed</li>
      </ul>
      <Chart option={option} height={heightOf(panels)} label={label} />
      <AsTable
        caption="Every look, the newest first"
        rows={rollout.judgements.toReversed()}
        columns={[
          { head: 'Look', cell: ({ judgedAt }) => momentText(judgedAt) },
          { head: 'Share', isNumber: true, cell: ({ percent }) => `${percent} %` },
          { head: 'Verdict', cell: ({ verdict }) => verdict },
          {
            head: 'Loss',
            isNumber: true,
            cell: ({ paired }) => boundedText(paired.relativeDifference, paired.interval),
          },
          { head: 'Pairs', isNumber: true, cell: ({ paired }) => countText(paired.n) },
          { head: 'Evidence', cell: ({ paired }) => needText(paired.sequence) },
          { head: 'Champion’s arm', isNumber: true, cell: ({ business }) => figureText(business?.champion.mean) },
          { head: 'Candidate’s arm', isNumber: true, cell: ({ business }) => figureText(business?.candidate.mean) },
          {
            head: 'Change',
            isNumber: true,
            cell: ({ business }) => boundedText(business?.relativeChange, business?.interval),
          },
          { head: 'Evidence of the arms', cell: ({ business }) => needText(business?.sequence) },
          { head: 'Shares', cell: sharesText },
          { head: 'Reason', cell: ({ reason }) => reason },
        ]}
      />
    </>
  );
}
