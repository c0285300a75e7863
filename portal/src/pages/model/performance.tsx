import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { RunwayApiError } from '../../../../sdk/client.ts';
import { modelOptions, useNow } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { PerformanceSeries } from '../../api/types.ts';
import { Chart } from '../../charts/chart.tsx';
import { countText, figureText, percentText } from '../../format/number.ts';
import { windowText } from '../../format/time.ts';
import { AsTable } from '../../parts/as-table.tsx';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import {
  labelsText,
  layerWords,
  performanceHeight,
  performanceOption,
  supplyWords,
  valueText,
} from './performance-option.ts';
import { PerformanceScopeChoice, usePerformanceScope } from './performance-scope.tsx';
import { PerformanceVerdicts } from './performance-verdicts.tsx';
import { useDays } from './timeline.tsx';

const metricWords: Readonly<Record<PerformanceSeries['metric'], string>> = {
  logLossSkill: 'Log-loss skill (1 is perfect, 0 is no better than the base rate)',
  rmse: 'RMSE',
};

/** The verdicts on performance, and what was realised day by day. */
export function PerformanceSection({ modelId }: { readonly modelId: string }) {
  return (
    <>
      <PerformanceVerdicts modelId={modelId} />
      <Daily modelId={modelId} />
    </>
  );
}

function Daily({ modelId }: { readonly modelId: string }) {
  const runway = useRunway();
  const [days] = useDays();
  const [scope, choose] = usePerformanceScope();
  const series = useQuery(modelOptions.performance(runway, modelId, { days, now: useNow(), ...scope }));
  if (series.error instanceof RunwayApiError && series.error.status === 409) return <NoOutcomes />;
  if (series.isError)
    return <ProblemNotice what="Performance" error={series.error} onRetry={() => void series.refetch()} />;
  if (series.data === undefined) return <Skeleton lines={6} label="Loading performance" />;
  const hasValue = series.data.points.some(({ value }) => value !== null);
  return (
    <>
      <PerformanceScopeChoice series={series.data} scope={scope} onChoose={choose} />
      {hasValue ? <Picture series={series.data} /> : <NoOutcomes />}
    </>
  );
}

function NoOutcomes() {
  return (
    <Empty
      title="No outcome is known yet"
      command='POST /v1/outcomes {"outcomes": [{"predictionId": "…", "label": 1}]}'
    >
      Performance is measured where predictions and their outcomes met. Send outcomes over HTTP or signed on the stream.
    </Empty>
  );
}

function Picture({ series }: { readonly series: PerformanceSeries }) {
  // Below this Runway does not trust performance by default; a policy may say otherwise.
  const option = useMemo(() => performanceOption(series, 0.8), [series]);
  const { points, metric, betterIs, reference } = series;
  const last = points.findLast(({ value }) => value !== null);
  const label = `${metricWords[metric]} per UTC day. Last: ${figureText(last?.value)}, reference ${figureText(reference)}. The table below says the same.`;
  return (
    <>
      <p className="muted legend">
        <span>
          {metricWords[metric]}; {betterIs} is better
        </span>
        <span>bars around a point: 95 % interval, paler where outcomes are missing</span>
        <span>hollow: still maturing</span>
        <span>below: share of predictions with a label, and a tick at what is expected by now</span>
      </p>
      <Chart option={option} height={performanceHeight} label={label} />
      <AsTable
        caption="Realised performance per day"
        rows={points.toReversed()}
        columns={[
          { head: 'Day (UTC)', cell: (point) => windowText(point) },
          { head: 'Version', isNumber: true, cell: ({ version }) => version },
          { head: 'Value (95 % interval)', isNumber: true, cell: valueText },
          { head: 'Predictions', isNumber: true, cell: ({ predictions }) => countText(predictions) },
          { head: 'Outcomes', isNumber: true, cell: ({ attributed }) => countText(attributed) },
          { head: 'With a label', isNumber: true, cell: ({ labelledRatio }) => percentText(labelledRatio) },
          { head: 'Expected by now', isNumber: true, cell: ({ expectedRatio }) => percentText(expectedRatio) },
          { head: 'Maturity', isNumber: true, cell: ({ maturity }) => percentText(maturity) },
          { head: 'Labels', cell: ({ labelSupply }) => supplyWords[labelSupply] },
          { head: 'Provenance', cell: labelsText },
          { head: 'Joined by', cell: ({ layer }) => (layer === undefined ? '' : layerWords[layer]) },
        ]}
      />
    </>
  );
}
